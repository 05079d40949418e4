/** What is measured: the networks, batch and optimizer of every part of the bench. */
import { loadPreset } from '../config/presets.ts';
import { resolveRunConfig } from '../config/resolve.ts';
import type { RunConfig, RunConfigInput } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';

export const GENERATOR_UNITS = [100, 1200, 1200, 784] as const;
export const DISCRIMINATOR_UNITS = [784, 1200, 1200, 1] as const;
export const SAMPLE_SIZE = DISCRIMINATOR_UNITS[0];
export const BATCH_SIZE = 100;
export const LEARNING_RATES = { sgd: 0.01, adam: 0.0002 } as const;
export const INIT_RANGE = 0.05;
/** D and G in turn, as Algorithm 1 has it with k = 1: an iteration is two phases. */
export const PHASES_PER_ITERATION = 2;

/** More than any machine reaches: what measures a run also ends it. */
export const PHASES_MAX = 1_000_000;

export type OptimizerType = keyof typeof LEARNING_RATES;

/** One size of the game. */
export interface Shape {
  /** Widths from the latent to the sample. */
  readonly generatorUnits: readonly number[];
  /** Widths from the sample to the logit. */
  readonly discriminatorUnits: readonly number[];
  readonly batchSize: number;
}

/** What every part measures that names no other. */
export const SHAPE: Shape = {
  generatorUnits: GENERATOR_UNITS,
  discriminatorUnits: DISCRIMINATOR_UNITS,
  batchSize: BATCH_SIZE,
};

export interface BenchRun {
  readonly workers: number | { readonly min: number; readonly max: number };
  readonly road?: RunConfig['collective']['road'];
  readonly wireFormat?: 'fp32' | 'bf16';
  /** Phases between two reports; default: the config's. */
  readonly reportEvery?: number;
  readonly backend: RunConfig['backend'];
  /** Default: `SHAPE`. */
  readonly shape?: Shape;
  /** Default: plain gradient descent. */
  readonly optimizer?: OptimizerType;
}

/** A run on these networks; a worker has one shard, as a run's default has it. */
export function benchConfig({
  workers,
  backend,
  road = 'auto',
  wireFormat = 'fp32',
  reportEvery,
  shape: { generatorUnits, discriminatorUnits, batchSize } = SHAPE,
  optimizer: type = 'sgd',
}: BenchRun): RunConfig {
  const optimizer = { type, learningRate: LEARNING_RATES[type] };
  const input = {
    name: 'bench',
    workers,
    latent: { size: generatorUnits[0] },
    generator: { layers: denseLayers(generatorUnits, 'sigmoid') },
    discriminator: { layers: denseLayers(discriminatorUnits, 'linear') },
    optimizer: { generator: optimizer, discriminator: optimizer },
    schedule: { type: 'alternating', discriminatorSteps: PHASES_PER_ITERATION - 1 },
    batchSize,
    phases: PHASES_MAX,
    backend,
    collective: { road, wireFormat, errorFeedback: false },
    ...(reportEvery === undefined ? {} : { reports: { everyPhases: reportEvery } }),
  };
  return resolveRunConfig(input, 'the bench');
}

/** A preset as it is, on one worker. */
export function presetConfig(name: string, backend: RunConfig['backend']): RunConfig {
  const preset = loadPreset(name) as RunConfigInput;
  return resolveRunConfig({ ...preset, workers: 1, backend }, `preset ${name}`);
}

/** `G 100-1200-1200-784, D 784-1200-1200-1` */
export function networksText({ generatorUnits, discriminatorUnits } = SHAPE): string {
  return `G ${generatorUnits.join('-')}, D ${discriminatorUnits.join('-')}`;
}

function denseLayers(units: readonly number[], output: 'sigmoid' | 'linear') {
  return units.slice(1).map((width, index, widths) => ({
    type: 'dense',
    units: must(width, 'width'),
    activation: index === widths.length - 1 ? output : 'relu',
    initRange: INIT_RANGE,
  }));
}
