/** Cuts a global minibatch into V logical shards, and deals shards to workers. Both are pure. */
import { must } from '../errors/invariant.ts';

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

/**
 * The shards of each worker, by rank: contiguous, disjoint, complete. As many as make the slowest worker's time
 * shortest; with equal speeds the counts differ by at most 1. More workers than shards leave some without: hot spares.
 *
 * @param msPerShard how long each worker needs for a shard, by rank; above 0.
 */
export function dealShards(shardCount: number, msPerShard: readonly number[]): number[][] {
  const counts = msPerShard.map(() => 0);
  for (let shard = 0; shard < shardCount; shard++) {
    // One more goes to whoever would be ready first with it; of equals to the one with the lowest rank.
    const readyAt = msPerShard.map((ms, rank) => (must(counts[rank], 'count') + 1) * ms);
    const rank = readyAt.indexOf(Math.min(...readyAt));
    counts[rank] = must(counts[rank], 'count') + 1;
  }
  let first = 0;
  return counts.map((count) => Array.from({ length: count }, () => first++));
}

/** How long a phase's gradients take with these counts of shards: as long as the slowest worker needs. */
export function slowestMs(shards: readonly (readonly number[])[], msPerShard: readonly number[]): number {
  return Math.max(...shards.map((own, rank) => own.length * must(msPerShard[rank], 'speed')));
}
