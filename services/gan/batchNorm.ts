/**
 * Batch normalisation (Ioffe and Szegedy 2015, algorithm 1) of each channel, or of each value where there is no image:
 *
 *     y = γ·(x − mean) / √(variance + ε) + β
 *
 * The statistics are those of a logical shard or, synchronised, of all of them, so that they depend on the config alone, never
 * on who computes; and in D's stacked pass those of reals and fakes each by themselves, as if they were two passes. Outside of
 * training they are the running ones. Shape suffixes: G stacked batches, N rows of each (samples × places), C channels.
 */
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { AffineParameters } from './affineLayer.ts';
import type { Kernels, Tf, Variable } from './kernels.ts';
import type { Layer, LayerGradient, Moments, Pass, Trace, Wanted } from './layer.ts';
import type { BatchNormConfig, ResolvedLayer } from './shapes.ts';
import { type Synchronised, unpaused } from './synchronised.ts';

export interface RunningStatistics {
  readonly mean: Variable;
  readonly variance: Variable;
}

interface Normalised {
  readonly mean_G1C: Tensor3D;
  readonly variance_G1C: Tensor3D;
  readonly scale_G1C: Tensor3D;
  readonly normal_GNC: Tensor3D;
}

export function batchNormLayer(
  tf: Tf,
  kernels: Kernels,
  { weight, bias }: AffineParameters,
  running: RunningStatistics,
  { epsilon, activation }: BatchNormConfig,
  { inputShape, isSynchronised }: Pick<ResolvedLayer, 'inputShape' | 'isSynchronised'>,
): Layer {
  const channels = must(inputShape.at(-1), 'channels');
  const grouped = (values: Tensor2D, groups: number) => tf.reshape(values, [groups, -1, channels]) as Tensor3D;
  const flat = (values: Tensor3D, like: Tensor2D) => tf.reshape(values, like.shape) as Tensor2D;

  /** What was computed for a pass: backward and moments ask again, and a trace is of one stage. */
  const known = new WeakMap<Trace, Normalised>();

  function normalisedOf(trace: Trace): Normalised {
    const found = known.get(trace) ?? again(trace);
    known.set(trace, found);
    return found;
  }

  function again({ input, groups, statistics }: Trace): Normalised {
    if (statistics === undefined) return unpaused(normalise(input, groups));
    const [mean_G1C, variance_G1C] = tf.unstack(statistics) as [Tensor3D, Tensor3D];
    return scaled(mean_G1C, variance_G1C, tf.sub(grouped(input, groups), mean_G1C));
  }

  /** From means over a shard's rows to those over the rows that the statistics are of. */
  function* overAll(means_G1C: readonly Tensor3D[]): Synchronised<readonly Tensor3D[]> {
    return isSynchronised ? ((yield means_G1C) as readonly Tensor3D[]) : means_G1C;
  }

  /** Mean first, then the variance about it: a difference of two sums of squares would lose the digits of a large mean. */
  function* normalise(input: Tensor2D, groups: number): Synchronised<Normalised> {
    const x_GNC = grouped(input, groups);
    const [mean] = yield* overAll([tf.mean<Tensor3D>(x_GNC, 1, true)]);
    const mean_G1C = must(mean, 'mean');
    const centred_GNC = tf.sub<Tensor3D>(x_GNC, mean_G1C);
    const [variance] = yield* overAll([tf.mean<Tensor3D>(tf.square(centred_GNC), 1, true)]);
    return scaled(mean_G1C, must(variance, 'variance'), centred_GNC);
  }

  function scaled(mean_G1C: Tensor3D, variance_G1C: Tensor3D, centred_GNC: Tensor3D): Normalised {
    const scale_G1C = tf.rsqrt(tf.add<Tensor3D>(variance_G1C, epsilon));
    return { mean_G1C, variance_G1C, scale_G1C, normal_GNC: tf.mul(centred_GNC, scale_G1C) };
  }

  function affine(normal_GNC: Tensor3D): Tensor3D {
    return tf.add(tf.mul(normal_GNC, weight.read()), bias.read());
  }

  function* forward(input: Tensor2D, { groups }: Pass): Synchronised<Trace> {
    const normalised = yield* normalise(input, groups);
    const { mean_G1C, variance_G1C, normal_GNC } = normalised;
    const output = kernels.activate(flat(affine(normal_GNC), input), activation);
    const statistics = isSynchronised ? tf.stack([mean_G1C, variance_G1C]) : undefined;
    const trace = { input, output, selection: undefined, groups, statistics };
    known.set(trace, normalised);
    return trace;
  }

  function* backward(trace: Trace, dOutput: Tensor2D, wanted: Wanted): Synchronised<LayerGradient> {
    const { scale_G1C, normal_GNC } = normalisedOf(trace);
    const dz_GNC = grouped(kernels.activationGradient(dOutput, trace.output, activation), trace.groups);
    const parameters = wanted.parameters
      ? [tf.sum<Tensor1D>(tf.mul(dz_GNC, normal_GNC), [0, 1]), tf.sum<Tensor1D>(dz_GNC, [0, 1])]
      : [];
    if (!wanted.input) return { input: undefined, parameters };
    // What moves all values of a channel alike, or stretches them, is taken back by mean and variance.
    const dNormal_GNC = tf.mul<Tensor3D>(dz_GNC, weight.read());
    const [shift_G1C, stretch_G1C] = yield* overAll([
      tf.mean<Tensor3D>(dNormal_GNC, 1, true),
      tf.mean<Tensor3D>(tf.mul(dNormal_GNC, normal_GNC), 1, true),
    ]);
    const stretched_GNC = tf.mul(normal_GNC, must(stretch_G1C, 'stretch'));
    const rest_GNC = tf.sub(tf.sub(dNormal_GNC, must(shift_G1C, 'shift')), stretched_GNC);
    return { input: flat(tf.mul(rest_GNC, scale_G1C), trace.input), parameters };
  }

  const used = (input: Tensor2D) =>
    kernels.activate(byRunning(tf, { weight, bias }, running, epsilon, input, channels), activation);

  return {
    forward: (input, pass) =>
      pass === undefined
        ? { input, output: used(input), selection: undefined, groups: 1 }
        : unpaused(forward(input, pass)),
    backward: (trace, dOutput, wanted) => unpaused(backward(trace, dOutput, wanted)),
    ...(isSynchronised && { synchronised: { forward, backward } }),
    moments: (trace): Moments => {
      const { mean_G1C, variance_G1C } = normalisedOf(trace);
      return [tf.mean<Tensor1D>(mean_G1C, [0, 1]), tf.mean<Tensor1D>(variance_G1C, [0, 1])];
    },
  };
}

/** As it is used, not as it is trained; before the activation. */
export function byRunning(
  tf: Tf,
  { weight, bias }: AffineParameters,
  { mean, variance }: RunningStatistics,
  epsilon: number,
  input: Tensor2D,
  channels: number,
): Tensor2D {
  const scale_C = tf.rsqrt(tf.add(variance.read(), epsilon));
  const normal_NC = tf.mul(tf.sub(tf.reshape(input, [-1, channels]), mean.read()), scale_C);
  return tf.reshape(tf.add(tf.mul(normal_NC, weight.read()), bias.read()), input.shape);
}
