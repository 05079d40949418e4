/** The rows of a phase that a worker's shards need: which samples follows from (seed, epoch, position) alone. */
import type { RunConfig } from '../config/runConfig.ts';
import { invariant } from '../errors/invariant.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import { shardRange } from '../plan/shards.ts';
import type { TrainingSet } from './dataset.ts';
import { epochPermutation } from './permutation.ts';

/** The samples of `shards`, in their order, as rows (`rowFormat.ts`): the bytes that a worker gets for this phase. */
export function minibatchRows(
  config: RunConfig,
  dataset: TrainingSet,
  plan: PhasePlan,
  shards: readonly number[],
): Uint8Array {
  invariant(plan.minibatch !== undefined, `phase ${plan.phase} reads data`);
  const order = epochPermutation(config.seed, plan.epoch, dataset.size);
  const ranges = shards.map((shard) => shardRange(plan.sampleCount, config.shards, shard));
  const rows = new Uint8Array(ranges.reduce((sum, { count }) => sum + count, 0) * dataset.format.rowBytes);
  let offset = 0;
  for (const { first, count } of ranges) {
    for (let i = first; i < first + count; i++) {
      dataset.read(order(plan.firstPosition + i), rows, offset);
      offset += dataset.format.rowBytes;
    }
  }
  return rows;
}
