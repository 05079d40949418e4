/**
 * Proves that the direct all-reduce over real sockets gives the bits of one worker alone, phase after phase of different
 * lengths, with more frames than are under way at a time, in both wire formats and over both doors, a spare included.
 */
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../services/collective/chunk.ts';
import { DirectCollective } from '../../services/collective/directCollective.ts';
import { ownedSubtrees, sumSubtree } from '../../services/collective/tree.ts';
import { WireCodec, type WireFormat } from '../../services/collective/wireFormat.ts';
import { type Doors, meshesOf } from './meshes.ts';

const SHARDS = [[0, 3], [1], [2, 4], []];
const SHARD_COUNT = 5;
const EXACT_TAIL = 5;

/** A shard's gradient: the same wherever it is computed, and awkward to add. */
function gradient(shard: number, phase: number, length: number): Float32Array {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) values[i] = Math.sin(i + 31 * shard + 7 * phase) * 10 ** ((i % 13) - 6);
  return values;
}

describe.each<[WireFormat, Doors]>([
  ['fp32', 'unix'],
  ['fp32', 'tcp'],
  ['bf16', 'unix'],
])('%s over %s', (wireFormat, doors) => {
  it('gives four workers the bits of one', async () => {
    const meshes = await meshesOf(4, doors);
    const codec = new WireCodec(wireFormat, EXACT_TAIL);
    const members = SHARDS.map((shards, rank) => ({ workerId: `w${rank}`, rank, shards }));
    const lengths = [700_000, 301, 650_001];
    const sumOver = (owned: readonly number[], phase: number, length: number) => {
      const addNodes = codec.addition(0, length);
      return ownedSubtrees(SHARD_COUNT, owned).map((subtree) => ({
        subtree,
        values: sumSubtree(subtree, (shard) => gradient(shard, phase, length), addNodes),
      }));
    };
    const sums = await Promise.all(
      meshes.map(async (mesh, self) => {
        const collective = new DirectCollective({
          mesh,
          self,
          members,
          shardCount: SHARD_COUNT,
          codec,
        });
        const mine: Float32Array[] = [];
        for (const [phase, length] of lengths.entries()) {
          const into = new Float32Array(new SharedArrayBuffer(length * 4));
          await collective.reduce(phase, sumOver(SHARDS[self] ?? [], phase, length), into);
          mine.push(into);
        }
        return mine;
      }),
    );
    for (const [phase, length] of lengths.entries()) {
      const [alone] = sumOver([0, 1, 2, 3, 4], phase, length);
      for (const mine of sums) {
        const [given, expected] = [mine[phase], alone?.values].map((v) => bytesOf(v ?? new Float32Array(), 0, length));
        expect(Buffer.compare(given ?? new Uint8Array(), expected ?? new Uint8Array(1))).toBe(0);
      }
    }
  });
});
