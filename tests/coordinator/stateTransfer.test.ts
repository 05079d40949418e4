/** Proves that a state arrives whole and checked against its sender's hash, or not at all. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { receiveState } from '../../services/coordinator/stateTransfer.ts';

const HEAD = { runId: 'r', generation: 2, workerId: 'w1' };

type Chunk = { data: Uint8Array; sha256: string };

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Cuts bytes at these places; the hash goes with the last piece, as on the wire. */
async function* chunks(bytes: Uint8Array, cuts: readonly number[], hash: string): AsyncIterable<Chunk> {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (const [i, end] of edges.slice(1).entries()) {
    yield { data: bytes.subarray(edges[i], end), sha256: i === edges.length - 2 ? hash : '' };
  }
}

describe('receiveState', () => {
  it('puts any cut of any bytes together again', async () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(bytes, fc.array(fc.nat(200), { maxLength: 6 }), async (state, cuts) => {
        const received = await receiveState(HEAD, 5, chunks(state, cuts, sha256(state)));
        expect(Buffer.compare(received, state)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, (state: Uint8Array) => AsyncIterable<Chunk>]>([
    [
      'a byte changed',
      (state) =>
        chunks(
          Uint8Array.from(state, (byte, i) => (i === 3 ? byte ^ 1 : byte)),
          [4],
          sha256(state),
        ),
    ],
    ['the end is missing', (state) => chunks(state.subarray(0, 9), [4], sha256(state))],
    ['bytes came twice', (state) => chunks(Buffer.concat([state, state]), [4], sha256(state))],
    ['no hash was given', (state) => chunks(state, [4], '')],
    ['nothing came', () => chunks(new Uint8Array(), [], '')],
  ])('refuses it where %s, naming run, phase and worker', async (_, arrive) => {
    const state = Uint8Array.from({ length: 10 }, (__, i) => i);
    const refused = receiveState(HEAD, 5, arrive(state));
    await expect(refused).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringMatching(/^The state of run r at phase 5 from worker w1 was refused: its SHA-256 is /),
      remedy: expect.stringMatching(/^Nothing was written/),
    });
  });

  it('passes on what ended the stream', async () => {
    async function* broken(): AsyncIterable<Chunk> {
      yield { data: new Uint8Array(4), sha256: '' };
      throw new Error('connection reset');
    }
    await expect(receiveState(HEAD, 5, broken())).rejects.toThrow('connection reset');
  });

  it('stops reading at a bound, before memory ends', async () => {
    const piece = new Uint8Array(64 * 1024 * 1024);
    let read = 0;
    async function* endless(): AsyncIterable<Chunk> {
      for (;;) {
        read += piece.length;
        // The same bytes again and again: the test needs no gigabyte.
        yield { data: piece, sha256: '' };
      }
    }
    await expect(receiveState(HEAD, 5, endless())).rejects.toThrow(/more than 1073741824 bytes/);
    expect(read).toBeLessThanOrEqual(1024 ** 3 + piece.length);
  });
});
