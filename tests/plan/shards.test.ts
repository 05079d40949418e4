/**
 * Proves that shards are disjoint, complete and even, for any sample count and shard count; and that they are dealt to
 * workers of any speeds so that the slowest is done as early as can be.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealShards, shardRange, slowestMs } from '../../services/plan/shards.ts';

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function spread(counts: readonly number[]): number {
  return Math.max(...counts) - Math.min(...counts);
}

describe('shardRange', () => {
  it('cuts any minibatch into shards that follow each other without gap or overlap, and differ by one sample at most', () => {
    const samples = fc.integer({ min: 0, max: 65_536 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 300 }), (sampleCount, shardCount) => {
        const ranges = upTo(shardCount).map((shard) => shardRange(sampleCount, shardCount, shard));
        let next = 0;
        for (const { first, count } of ranges) {
          expect(first).toBe(next);
          next += count;
        }
        expect(next).toBe(sampleCount);
        const counts = ranges.map(({ count }) => count);
        expect(Math.min(...counts)).toBeGreaterThanOrEqual(0);
        expect(spread(counts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('gives every shard a sample where there are enough', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat({ max: 1000 }), (shardCount, more) => {
        for (const shard of upTo(shardCount)) {
          expect(shardRange(shardCount + more, shardCount, shard).count).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('gives what one would by hand', () => {
    expect(upTo(3).map((shard) => shardRange(100, 3, shard))).toEqual([
      { first: 0, count: 33 },
      { first: 33, count: 33 },
      { first: 66, count: 34 },
    ]);
    // A tail of two samples for three shards leaves one without any.
    expect(upTo(3).map((shard) => shardRange(2, 3, shard).count)).toEqual([0, 1, 1]);
  });
});

describe('dealShards', () => {
  const speeds = fc.array(fc.double({ min: 0.01, max: 1_000, noNaN: true }), { minLength: 1, maxLength: 12 });

  it('deals every shard to exactly one worker, in order, whatever their speeds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), speeds, (shardCount, msPerShard) => {
        const dealt = dealShards(shardCount, msPerShard);
        expect(dealt).toHaveLength(msPerShard.length);
        expect(dealt.flat()).toEqual(upTo(shardCount));
      }),
    );
  });

  it('deals evenly among equals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 50 }), (shardCount, workerCount) => {
        const dealt = dealShards(shardCount, Array<number>(workerCount).fill(7));
        expect(spread(dealt.map(({ length }) => length))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('makes the slowest worker as fast as it can be: no other deal of a few shards is better', () => {
    const few = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), few, (shardCount, msPerShard) => {
        const times = countsOf(shardCount, msPerShard.length).map((counts) =>
          Math.max(...counts.map((count, rank) => count * (msPerShard[rank] ?? 0))),
        );
        expect(slowestMs(dealShards(shardCount, msPerShard), msPerShard)).toBe(Math.min(...times));
      }),
    );
  });

  it('gives what one would by hand', () => {
    expect(dealShards(5, [10, 10])).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
    expect(dealShards(4, [10, 30])).toEqual([[0, 1, 2], [3]]);
    expect(slowestMs([[0, 1, 2], [3]], [10, 30])).toBe(30);
  });

  it('leaves hot spares where there are more workers than shards: the last of equals, and the slowest of others', () => {
    expect(dealShards(2, [1, 1, 1])).toEqual([[0], [1], []]);
    expect(dealShards(2, [5, 1, 1])).toEqual([[], [0], [1]]);
  });
});

/** Every way to give `shardCount` shards to `workers`. */
function countsOf(shardCount: number, workers: number): number[][] {
  if (workers === 1) return [[shardCount]];
  return upTo(shardCount + 1).flatMap((own) =>
    countsOf(shardCount - own, workers - 1).map((others) => [own, ...others]),
  );
}
