/** Proves that every peer's figure has a ratio beside it, that aims are judged, and that an absent peer says why. */
import { expect, it } from 'vitest';
import type { PeerTimes } from '../../../services/bench/peers/peerGame.ts';
import { peersText } from '../../../services/bench/peers/peersText.ts';

const game = {
  title: 'G 100-256-784, D 784-256-1, batch 50, Adam',
  ratioMax: { torch: 0.95, tensorflow: 1.05 },
  iterations: 40,
  peers: [
    { name: 'ganglion', version: '2.21.0, compiled', medianMs: 20, minMs: 18 },
    { name: 'torch', version: '2.9.0', medianMs: 25, minMs: 24 },
    { name: 'tensorflow', version: '2.21.0', medianMs: 16, minMs: 15.5 },
    { name: 'torch-compile', failure: 'no C++ compiler' },
  ],
} as const;

it('is a block for each game', () => {
  const alone = { ...game, title: 'preset mnist-dcgan', peers: game.peers.slice(0, 1) };
  expect(peersText({ threads: 2, games: [game, alone] })).toBe(`\
one worker beside its peers, 2 threads each: ms an iteration, median of 40, in turns
G 100-256-784, D 784-256-1, batch 50, Adam
  replica                  20.0 ms  fastest 18.0 ms, 2.21.0, compiled
  PyTorch, eager           25.0 ms  fastest 24.0 ms, 2.9.0: the replica takes 0.80 × that (aim ≤ 0.95: met)
  TensorFlow, tf.function  16.0 ms  fastest 15.5 ms, 2.21.0: the replica takes 1.25 × that (aim ≤ 1.05: MISSED)
  PyTorch, torch.compile            not measured: no C++ compiler

one worker beside its peers, 2 threads each: ms an iteration, median of 40, in turns
preset mnist-dcgan
  replica  20.0 ms  fastest 18.0 ms, 2.21.0, compiled
`);
});

it('judges no aim by the figures of a busy machine', () => {
  const [own, torch] = game.peers;
  const text = (peers: readonly PeerTimes[]) => peersText({ threads: 2, games: [{ ...game, peers }] });
  expect(text([own, { ...torch, minMs: 16 }])).toContain('0.80 × that (aim ≤ 0.95: not judged, the machine was busy)');
  expect(text([{ ...own, minMs: 13 }, torch])).toContain('0.80 × that (aim ≤ 0.95: not judged, the machine was busy)');
  expect(
    text([
      { ...own, minMs: 14 },
      { ...torch, minMs: 17 },
    ]),
  ).toContain('(aim ≤ 0.95: met)');
});
