/** Which real samples a run has used: a pure function of its committed phases, so that no count can drift. */
import type { RunConfig } from '../config/runConfig.ts';
import { minibatchesBefore, minibatchesPerEpoch, samplesPerEpoch } from './phasePlan.ts';

/**
 * Real samples used by the first `phases` phases; every sample of an epoch counts exactly once, short tail included, but for
 * those that fill no pack.
 */
export function samplesUsed(config: RunConfig, datasetSize: number, phases: number): number {
  const minibatches = minibatchesBefore(config, phases);
  const perEpoch = minibatchesPerEpoch(config, datasetSize);
  // Never the whole epoch: its last minibatch ends it.
  const inEpoch = (minibatches % perEpoch) * config.batchSize;
  return Math.floor(minibatches / perEpoch) * samplesPerEpoch(config, datasetSize) + inEpoch;
}
