/** A trained G and D as tools use them: no worker, no coordinator, nothing trained. */
import type { Backend } from '../backend/select.ts';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { invariant, must } from '../errors/invariant.ts';
import { createKernels } from '../gan/createKernels.ts';
import type { Tf } from '../gan/kernels.ts';
import { classesOf, oneHot } from '../gan/labels.ts';
import { isTrained } from '../gan/layerTensors.ts';
import { NETWORKS, replicaLayout } from '../gan/layout.ts';
import { createNetwork, type Network, outputOf } from '../gan/network.ts';
import { latents } from '../gan/noise.ts';
import { packedNetwork } from '../gan/packing.ts';
import { resolveLayers, type Shape, valuesIn } from '../gan/shapes.ts';

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

/**
 * Samples in one pass through a network. Every pass has as many, the last one too, because a product's bits may depend on
 * how many rows it has.
 */
const BATCH = 64;

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

function createPlayers(
  { tf, kind }: GanParts['backend'],
  config: RunConfig,
  sampleSize: number,
  generatorWeights: 'ema' | 'live',
  state: Float32Array,
): Readonly<Record<NetworkName, Network>> & { dispose(): void } {
  const kernels = createKernels(tf, kind);
  const specs = new Map(replicaLayout(config, sampleSize).map((spec) => [spec.name, spec]));
  const variables = new Map<string, ReturnType<typeof kernels.variable>>();
  // Only what is used: optimizer slots stay on the disk.
  const variable = (name: string) => {
    const { shape, offset, length } = must(specs.get(name), name);
    const made = variables.get(name) ?? kernels.variable(shape);
    if (!variables.has(name)) made.assign(state.subarray(offset, offset + length));
    variables.set(name, made);
    return made;
  };
  const network = (name: NetworkName, suffix: string) =>
    createNetwork(tf, kernels, name, resolveLayers(config, name, sampleSize), (tensor) =>
      variable(isTrained(tensor) ? `${tensor}${suffix}` : tensor),
    );
  const [generator, discriminator] = NETWORKS.map((name) =>
    network(name, name === 'generator' && generatorWeights === 'ema' ? '/ema' : ''),
  );
  return {
    generator: must(generator, 'generator'),
    discriminator: packedNetwork(tf, must(discriminator, 'discriminator'), config.discriminator.packing),
    dispose: () => {
      for (const held of variables.values()) held.dispose();
      variables.clear();
    },
  };
}

interface Pass {
  /** One for each row; undefined where the networks know no classes. */
  readonly labels: Uint16Array | undefined;
  readonly classes: number;
  /** Rows that give one row of output. */
  readonly pack: number;
}

/** [count, inputs] through a network, as it is used and not trained: [count / pack, outputs]. */
function inBatches(
  tf: Tf,
  network: Network,
  values: Float32Array,
  [inputs, outputs]: readonly [number, number],
  { labels, classes, pack }: Pass,
): Float32Array {
  const count = values.length / inputs;
  invariant(Number.isInteger(count / pack), `${values.length} values are packs of ${pack} rows of ${inputs}`);
  const batch = Math.max(1, Math.floor(BATCH / pack)) * pack;
  const out = new Float32Array((count / pack) * outputs);
  for (let first = 0; first < count; first += batch) {
    const rows = new Float32Array(batch * inputs);
    rows.set(values.subarray(first * inputs, (first + batch) * inputs));
    // Not returned through the tidy, which would look for tensors in every value.
    tf.tidy(() => {
      const own = new Uint16Array(batch);
      if (labels) own.set(labels.subarray(first, first + batch));
      const given = labels && oneHot(tf, own, classes);
      const traces = network.forward(tf.tensor2d(rows, [batch, inputs]), undefined, given);
      const computed = outputOf(traces).dataSync<'float32'>();
      const wanted = (Math.min(batch, count - first) / pack) * outputs;
      out.set(computed.subarray(0, wanted), (first / pack) * outputs);
    });
  }
  return out;
}
