/**
 * What phase p is: a pure function of (config, number of training samples, p). Workers and the coordinator both
 * compute it, so no plan ever travels.
 *
 * Algorithm 1 of Goodfellow et al. 2014 with k = discriminatorSteps: k phases of D, then one of G. `simultaneous`
 * updates both from one point, as the authors' own code did. D's updates read real samples; so do G's where its loss is of
 * them (`relativistic`).
 */
import type { NetworkName, RunConfig } from '../config/runConfig.ts';

export interface PhasePlan {
  readonly phase: number;
  /** The networks whose gradients this phase computes and applies, in the order of the flat gradient. */
  readonly updates: readonly NetworkName[];
  /** The data minibatch this phase reads: its ordinal since the run began; undefined where it reads none. */
  readonly minibatch: number | undefined;
  /** 0-based pass over the data that this phase belongs to. */
  readonly epoch: number;
  /** Position in the epoch of the minibatch's first sample. Meaningless where it reads none. */
  readonly firstPosition: number;
  /** Samples in this phase's global minibatch: batchSize, or less in an epoch's tail. */
  readonly sampleCount: number;
  /** How many updates each network had before this phase: t of the schedules, 0-based. */
  readonly updatesBefore: Readonly<Record<NetworkName, number>>;
}

/** Minibatches in one pass over `datasetSize` samples; the last may be short. */
export function minibatchesPerEpoch(config: RunConfig, datasetSize: number): number {
  return Math.ceil(samplesPerEpoch(config, datasetSize) / config.batchSize);
}

/** What fills whole packs in every shard (`discriminator.packing`): all samples where D sees one at a time. */
export function samplesPerEpoch({ discriminator: { packing }, shards }: RunConfig, datasetSize: number): number {
  return packing === 1 ? datasetSize : datasetSize - (datasetSize % (packing * shards));
}

/** Phases in the whole run: at least one, however small a part of an epoch was asked for. */
export function totalPhases(config: RunConfig, datasetSize: number): number {
  if (config.phases !== undefined) return config.phases;
  const minibatches = Math.max(1, Math.round((config.epochs ?? 1) * minibatchesPerEpoch(config, datasetSize)));
  // Where each phase reads one.
  if (config.schedule.type === 'simultaneous' || generatorReadsData(config)) return minibatches;
  return minibatches + Math.floor(minibatches / config.schedule.discriminatorSteps);
}

export function planPhase(config: RunConfig, datasetSize: number, phase: number): PhasePlan {
  const { updates, updatesBefore } = place(config, phase);
  const before = minibatchesBefore(config, phase);
  const perEpoch = minibatchesPerEpoch(config, datasetSize);
  const readsData = updates.includes('discriminator') || generatorReadsData(config);
  const epoch = Math.floor((readsData ? before : before - 1) / perEpoch);
  const firstPosition = readsData ? (before % perEpoch) * config.batchSize : 0;
  return {
    phase,
    updates,
    minibatch: readsData ? before : undefined,
    epoch,
    firstPosition,
    sampleCount: readsData
      ? Math.min(config.batchSize, samplesPerEpoch(config, datasetSize) - firstPosition)
      : config.batchSize,
    updatesBefore,
  };
}

/** How many minibatches of real samples the phases before this one read. */
export function minibatchesBefore(config: RunConfig, phase: number): number {
  return generatorReadsData(config) ? phase : place(config, phase).updatesBefore.discriminator;
}

function generatorReadsData({ objective }: RunConfig): boolean {
  return objective.loss === 'relativistic';
}

function place(config: RunConfig, phase: number): Pick<PhasePlan, 'updates' | 'updatesBefore'> {
  if (config.schedule.type === 'simultaneous') {
    return { updates: ['discriminator', 'generator'], updatesBefore: { discriminator: phase, generator: phase } };
  }
  const k = config.schedule.discriminatorSteps;
  const cycle = Math.floor(phase / (k + 1));
  const step = phase % (k + 1);
  const updatesBefore = { discriminator: cycle * k + step, generator: cycle };
  return { updates: step < k ? ['discriminator'] : ['generator'], updatesBefore };
}
