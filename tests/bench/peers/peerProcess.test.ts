/** Proves, with real processes, that a peer answers what it is asked, and that one that cannot says why in one line. */
import { afterEach, describe, expect, it } from 'vitest';
import { Leftovers } from '../../../services/bench/leftovers.ts';
import { PeerProcess } from '../../../services/bench/peers/peerProcess.ts';

let leftovers = new Leftovers();

afterEach(async () => {
  await leftovers.clear();
  leftovers = new Leftovers();
});

const start = (script: string) => PeerProcess.start(leftovers.program(process.execPath, ['-e', script]));

const READY = `console.log('{"version": "1.2"}');`;
const eachLine = (body: string) =>
  `require('readline').createInterface({ input: process.stdin }).on('line', (line) => { ${body} });`;

it('gives as many times as it is asked for, again and again', async () => {
  const peer = await start(READY + eachLine('console.log(JSON.stringify({ ms: Array(Number(line)).fill(3) }))'));
  expect(peer.version).toBe('1.2');
  expect(await peer.times(2)).toEqual([3, 3]);
  expect(await peer.times(1)).toEqual([3]);
});

describe('a peer that cannot', () => {
  it.each([
    ['says so', `console.log('{"error": "No module named torch"}')`, 'No module named torch'],
    ['ends', 'process.exit(3)', 'it ended with 3'],
    [
      'complains and ends',
      `console.error('a\\nthe last line'); process.exitCode = 1`,
      'it ended with 1: the last line',
    ],
    ['is killed', `process.kill(process.pid, 'SIGKILL')`, 'it ended with SIGKILL'],
    ['gives times at once', `console.log('{"ms": [1]}')`, 'it gave times before it said its version'],
  ])('because it %s', async (_, script, reason) => {
    await expect(start(script)).rejects.toMatchObject({ name: 'PeerFailure', message: reason });
  });

  it('because it is not there', async () => {
    const missing = PeerProcess.start(leftovers.program('/no/such/python', []));
    await expect(missing).rejects.toMatchObject({ name: 'PeerFailure', message: 'spawn /no/such/python ENOENT' });
  });

  it.each([
    ['fails at an iteration', eachLine(`console.log('{"error": "no compiler"}')`), 'no compiler'],
    ['gives too few', eachLine(`console.log('{"ms": [1]}')`), 'it did not give 2 times'],
    ['has gone', '', 'it ended with 0'],
  ])('because it %s', async (_, script, reason) => {
    const peer = await start(READY + script);
    await expect(peer.times(2)).rejects.toMatchObject({ name: 'PeerFailure', message: reason });
  });
});
