/** Which real samples a run has used: a pure function of its committed phases, so that no count can drift. */
import type { RunConfig } from '../config/runConfig.ts';
import { minibatchesBefore, minibatchesPerEpoch } from './phasePlan.ts';

/** Real samples used by the first `phases` phases; every sample of an epoch counts exactly once, short tail included. */
export function samplesUsed(config: RunConfig, datasetSize: number, phases: number): number {
  const minibatches = minibatchesBefore(config, phases);
  const perEpoch = minibatchesPerEpoch(config, datasetSize);
  const inEpoch = Math.min((minibatches % perEpoch) * config.batchSize, datasetSize);
  return Math.floor(minibatches / perEpoch) * datasetSize + inEpoch;
}
