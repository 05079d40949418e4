/** Proves that our own replica is measured whatever became of its peers, and that each that is absent says why. */
import { expect, it } from 'vitest';
import { denseGame } from '../../../services/bench/peers/games.ts';
import { benchGame } from '../../../services/bench/peers/peerGame.ts';

const shape = { generatorUnits: [8, 16, 784], discriminatorUnits: [784, 16, 1], batchSize: 4 };

it('leaves out the peers of a Python that is not there', async () => {
  const game = denseGame({ require: 'tensorflow', intraOpThreads: 1 }, shape, 'adam');
  const failure = 'spawn /no/such/python ENOENT';
  expect(await benchGame('/no/such/python', game)).toEqual({
    title: 'G 8-16-784, D 784-16-1, batch 4, Adam',
    ratioMax: game.ratioMax,
    iterations: 40,
    peers: [
      {
        name: 'ganglion',
        version: expect.stringMatching(/^tensorflow .*, compiled$/),
        medianMs: expect.any(Number),
        minMs: expect.any(Number),
      },
      { name: 'torch', failure },
      { name: 'torch-compile', failure },
      { name: 'tensorflow', failure },
    ],
  });
});
