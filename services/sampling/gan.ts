/** A trained G and D as tools use them: no worker, no coordinator, nothing trained. */
import type { Backend } from '../backend/select.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { invariant } from '../errors/invariant.ts';
import { classesOf } from '../gan/labels.ts';
import { latents } from '../gan/noise.ts';
import { type Shape, valuesIn } from '../gan/shapes.ts';
import { BATCH, inBatches } from './passes.ts';
import { createPlayers } from './players.ts';

/** What tools ask of a trained pair. */
export interface Gan {
  readonly config: RunConfig;
  /** Of one sample: [values] or [height, width, channels]. */
  readonly shape: Shape;
  /** What G's weights are: their moving average, or as they were trained. */
  readonly generatorWeights: 'ema' | 'live';
  /**
   * Samples as G gives them (normalised values), [count, values] row by row, of the global indices from `first` on: the same
   * numbers for an index, whatever else is asked for.
   */
  sample(request: SampleRequest): Float32Array;
  /** [count, latent.size] → [count, values]. */
  fromLatents(latents: Float32Array, labels?: Labels): Float32Array;
  latents(seed: number, first: number, count: number): Float32Array;
  /**
   * D's outputs [count] for samples [count, values], without dropout. Where D sees packs, one for each pack of samples that
   * follow each other; the last one must be whole.
   */
  logits(samples: Float32Array, labels?: Labels): Float32Array;
  dispose(): void;
}

/**
 * A class for each sample. Throws `invalid-argument` where the run's networks know none, or not that one. Where they know
 * classes and none are given, sample i is of class i mod classes.
 */
type Labels = readonly number[];

export interface SampleRequest {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
  readonly labels?: Labels | undefined;
}

/** The state of a run after some phase, and where to compute. */
export interface GanParts {
  readonly runId: string;
  readonly config: RunConfig;
  readonly shape: Shape;
  /** The flat state (see `stateLayout`). */
  readonly state: Float32Array;
  readonly backend: Pick<Backend, 'tf' | 'kind'>;
  /** G's trained weights, where the run has their moving average too. */
  readonly live: boolean;
}

export function createGan({ runId, config, shape, state, backend, live }: GanParts): Gan {
  const { tf } = backend;
  const sampleSize = valuesIn(shape);
  const generatorWeights = config.ema === undefined || live ? 'live' : 'ema';
  const players = createPlayers(backend, config, sampleSize, generatorWeights, state);
  const classes = classesOf(config);
  const labelsOf = (count: number, labels?: Labels) => checkedLabels({ runId, classes }, count, labels);
  const generate = (z: Float32Array, labels: Uint16Array | undefined) =>
    inBatches(tf, players.generator, z, [config.latent.size, sampleSize], { labels, classes, pack: 1 });
  const latentsOf = (seed: number, first: number, count: number) =>
    latents({ latent: config.latent, seed }, 'sampleLatent', 0, { first, count });
  return {
    config,
    shape,
    generatorWeights,
    sample: ({ seed, first, count, labels }) => {
      // Whole batches at places of their own: an index is always computed among the same neighbours.
      const before = first % BATCH;
      const whole = Math.ceil((before + count) / BATCH) * BATCH;
      const given = labels && labelsOf(count, labels);
      const all =
        classes === 0 ? undefined : Uint16Array.from({ length: whole }, (_, i) => (first - before + i) % classes);
      if (given) all?.set(given, before);
      const samples = generate(latentsOf(seed, first - before, whole), all);
      return samples.slice(before * sampleSize, (before + count) * sampleSize);
    },
    fromLatents: (z, labels) => generate(z, labelsOf(z.length / config.latent.size, labels)),
    latents: latentsOf,
    logits: (samples, labels) => {
      const given = labelsOf(samples.length / sampleSize, labels);
      const { packing: pack } = config.discriminator;
      return inBatches(tf, players.discriminator, samples, [sampleSize, 1], { labels: given, classes, pack });
    },
    dispose: players.dispose,
  };
}

/** Throws `invalid-argument`. */
function checkedLabels(
  { runId, classes }: { runId: string; classes: number },
  count: number,
  labels: Labels | undefined,
): Uint16Array | undefined {
  if (labels === undefined) {
    return classes === 0 ? undefined : Uint16Array.from({ length: count }, (_, i) => i % classes);
  }
  if (classes === 0) {
    throw new GanglionError({
      code: 'invalid-argument',
      message: `Labels were given, but the networks of ${runId} know no classes.`,
      remedy: 'Leave the labels out.',
    });
  }
  invariant(labels.length === count, `${labels.length} labels for ${count} samples`);
  const wrong = labels.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (wrong === undefined) return Uint16Array.from(labels);
  throw new GanglionError({
    code: 'invalid-argument',
    message: `labels: found ${wrong}; the networks of ${runId} know the classes 0 to ${classes - 1}.`,
    remedy: 'Name classes among them.',
  });
}
