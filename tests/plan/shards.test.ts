/** Proves that shards are disjoint, complete and even, for any sample count, shard count and worker count. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealShards, shardRange } from '../../services/plan/shards.ts';

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
  it('deals every shard to exactly one worker, in order, and evenly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 50 }), (shardCount, workerCount) => {
        const dealt = dealShards(shardCount, workerCount);
        expect(dealt).toHaveLength(workerCount);
        expect(dealt.flat()).toEqual(upTo(shardCount));
        expect(spread(dealt.map(({ length }) => length))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('leaves workers idle where there are more than shards', () => {
    expect(dealShards(2, 3)).toEqual([[], [0], [1]]);
  });
});
