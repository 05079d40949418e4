/** Cuts a global minibatch into V logical shards, and deals shards to workers. Both are pure. */

export interface SampleRange {
  /** Global sample index (position in the minibatch) of the first sample. */
  readonly first: number;
  readonly count: number;
}

/** Shard `shard` of `shardCount` over `sampleCount` samples: contiguous, disjoint, complete, sizes differ by at most 1. */
export function shardRange(sampleCount: number, shardCount: number, shard: number): SampleRange {
  const first = Math.floor((shard * sampleCount) / shardCount);
  const end = Math.floor(((shard + 1) * sampleCount) / shardCount);
  return { first, count: end - first };
}

/** The shards of each of `workerCount` workers, by rank: contiguous, disjoint, complete, counts differ by at most 1. */
export function dealShards(shardCount: number, workerCount: number): number[][] {
  return Array.from({ length: workerCount }, (_, rank) => {
    const { first, count } = shardRange(shardCount, workerCount, rank);
    return Array.from({ length: count }, (_, offset) => first + offset);
  });
}
