/**
 * The replica: the one thing that owns tensors. Every worker holds one; all hold the same bits.
 *
 * It lives in the worker's compute thread, has no clock, no network and no disk, and is a pure function of the config,
 * the loaded state and what it is told to apply.
 */

import type { CompileCounts } from '../compile/compiler.ts';
import type { NetworkName } from '../config/runConfig.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';

export interface ShardBatch {
  readonly plan: PhasePlan;
  /** Logical shard, 0 … V−1. Its samples are `shardRange(plan.sampleCount, V, shard)`. */
  readonly shard: number;
  /** The shard's real samples, in rows as `data/rowFormat.ts` has them; undefined for a phase that reads no data. */
  readonly samples: Uint8Array | undefined;
}

export type Applied = {
  readonly norms: Partial<Record<NetworkName, number>>;
  /** The first tensor whose gradient, or moment, has a NaN or an infinity: nothing was applied. */
  readonly nonFinite: string | undefined;
};

export interface Replica {
  /**
   * Writes the flat gradient of the SUM of the shard's losses, then the statistics tail, then a 0 into `flat`.
   * `flat` has `gradientLayout(…).length` values. A shard without samples writes zeros. Not where shards exchange sums.
   */
  gradient(batch: ShardBatch, flat: Float32Array): void;
  /**
   * The same for one network of the phase, in the order of its updates: so that D's gradient can travel while G's is
   * computed. The first one writes what is behind the gradients; other networks' parts of `flat` stay as they are.
   *
   * Where batch norm is synchronised, a call may end at an exchange instead: it gives what the shard adds to the sums, and the
   * same call with the sums over all shards goes on (`exchangedLengths` says how often).
   */
  gradientOf(
    batch: ShardBatch,
    network: NetworkName,
    flat: Float32Array,
    sums?: Float32Array,
  ): Float32Array | undefined;
  /**
   * Makes a shard's fakes ahead, for a later phase that no update of G is before: `gradient` gives the same bits with and
   * without. One phase ahead at most; what is not used is forgotten.
   */
  prepare(of: Pick<ShardBatch, 'plan' | 'shard'>): void;
  /**
   * Divides the summed flat gradient by the phase's sample count and applies it; a gradient that is not finite changes
   * nothing. `wantNorms` asks for the Euclidean norms of the mean gradients (they cost a reduction).
   */
  apply(plan: PhasePlan, sum: Float32Array, wantNorms: boolean): Applied;
  /**
   * gradient and apply without a visit to the host, for a run with one shard on one worker: the same bits as the two
   * calls. Returns the statistics tail (sums) where `wantStatistics`, and norms.
   */
  step(batch: ShardBatch, wantStatistics: boolean): Applied & { statistics: Float32Array | undefined };
  /** Replaces everything by the flat state (see `replicaLayout`). */
  load(state: Float32Array): void;
  /** The flat state. */
  save(): Float32Array;
  /** SHA-256 over the float32 little-endian bytes of G's, then D's weights, in the canonical order; hex. */
  weightsSha256(): string;
  /** ‖average − weights‖ / ‖weights‖ over G's weights; undefined where there is no average, or no weight but 0. */
  averageGap(): number | undefined;
  /**
   * `count` samples from the run's fixed latents, by the EMA of G where it is on; of classes 0, 1, … in turns where there are
   * some. As they lie in the data: bytes 0 … 255, or float32 little-endian.
   */
  sample(count: number): Uint8Array;
  /** Tensors alive now; constant from phase to phase. */
  tensorCount(): number;
  /** How many of its computations are compiled, and how many were tried and are not. */
  compileCounts(): CompileCounts;
  dispose(): void;
}
