/**
 * What phase p is: a pure function of (config, number of training samples, p). Workers and the coordinator both
 * compute it, so no plan ever travels.
 *
 * Algorithm 1 of Goodfellow et al. 2014 with k = discriminatorSteps: k phases of D, then one of G. `simultaneous`
 * updates both from one point, as the authors' own code did.
 */
import type { NetworkName, RunConfig } from '../config/runConfig.ts';

export interface PhasePlan {
  readonly phase: number;
  /** The networks whose gradients this phase computes and applies, in the order of the flat gradient. */
  readonly updates: readonly NetworkName[];
  /** The data minibatch this phase reads: its ordinal since the run began; undefined for a G phase. */
  readonly minibatch: number | undefined;
  /** 0-based pass over the data that this phase belongs to. */
  readonly epoch: number;
  /** Position in the epoch of the minibatch's first sample. Meaningless for a G phase. */
  readonly firstPosition: number;
  /** Samples in this phase's global minibatch: batchSize, or less in an epoch's tail. */
  readonly sampleCount: number;
  /** How many updates each network had before this phase: t of the schedules, 0-based. */
  readonly updatesBefore: Readonly<Record<NetworkName, number>>;
}

/** Minibatches in one pass over `datasetSize` samples; the last may be short. */
export function minibatchesPerEpoch(config: RunConfig, datasetSize: number): number {
  return Math.ceil(datasetSize / config.batchSize);
}

/** Phases in the whole run: at least one, however small a part of an epoch was asked for. */
export function totalPhases(config: RunConfig, datasetSize: number): number {
  if (config.phases !== undefined) return config.phases;
  const minibatches = Math.max(1, Math.round((config.epochs ?? 1) * minibatchesPerEpoch(config, datasetSize)));
  if (config.schedule.type === 'simultaneous') return minibatches;
  return minibatches + Math.floor(minibatches / config.schedule.discriminatorSteps);
}

export function planPhase(config: RunConfig, datasetSize: number, phase: number): PhasePlan {
  const { updates, dataPhasesBefore, generatorBefore } = place(config, phase);
  const perEpoch = minibatchesPerEpoch(config, datasetSize);
  const readsData = updates.includes('discriminator');
  const epoch = Math.floor((readsData ? dataPhasesBefore : dataPhasesBefore - 1) / perEpoch);
  const firstPosition = readsData ? (dataPhasesBefore % perEpoch) * config.batchSize : 0;
  return {
    phase,
    updates,
    minibatch: readsData ? dataPhasesBefore : undefined,
    epoch,
    firstPosition,
    sampleCount: readsData ? Math.min(config.batchSize, datasetSize - firstPosition) : config.batchSize,
    updatesBefore: { discriminator: dataPhasesBefore, generator: generatorBefore },
  };
}

function place(config: RunConfig, phase: number) {
  if (config.schedule.type === 'simultaneous') {
    const updates: readonly NetworkName[] = ['discriminator', 'generator'];
    return { updates, dataPhasesBefore: phase, generatorBefore: phase };
  }
  const k = config.schedule.discriminatorSteps;
  const cycle = Math.floor(phase / (k + 1));
  const step = phase % (k + 1);
  const updates: readonly NetworkName[] = step < k ? ['discriminator'] : ['generator'];
  return { updates, dataPhasesBefore: cycle * k + step, generatorBefore: cycle };
}
