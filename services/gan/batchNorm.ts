/**
 * Batch normalisation (Ioffe and Szegedy 2015, algorithm 1) of each channel, or of each value where there is no image:
 *
 *     y = γ·(x − mean) / √(variance + ε) + β
 *
 * The statistics are those of a logical shard, so that they depend on the config alone, never on who computes; and in D's
 * stacked pass those of reals and fakes each by themselves, as if they were two passes. Outside of training they are the
 * running ones. Shape suffixes: G stacked batches, N rows of each (samples × places), C channels.
 */
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { AffineParameters } from './affineLayer.ts';
import type { Kernels, Tf, Variable } from './kernels.ts';
import type { Layer, Moments, Trace } from './layer.ts';
import type { BatchNormConfig } from './shapes.ts';

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

/** @param channels the last size of the layer's shape. */
export function batchNormLayer(
  tf: Tf,
  kernels: Kernels,
  { weight, bias }: AffineParameters,
  running: RunningStatistics,
  { epsilon, activation }: BatchNormConfig,
  channels: number,
): Layer {
  const grouped = (values: Tensor2D, groups: number) => tf.reshape(values, [groups, -1, channels]) as Tensor3D;
  const flat = (values: Tensor3D, like: Tensor2D) => tf.reshape(values, like.shape) as Tensor2D;

  /** What was computed for a pass: backward and moments ask again, and a trace is of one stage. */
  const known = new WeakMap<Trace, Normalised>();

  function normalisedOf(trace: Trace): Normalised {
    const found = known.get(trace) ?? normalise(trace.input, trace.groups);
    known.set(trace, found);
    return found;
  }

  function normalise(input: Tensor2D, groups: number): Normalised {
    const x_GNC = grouped(input, groups);
    const mean_G1C = tf.mean<Tensor3D>(x_GNC, 1, true);
    const centred_GNC = tf.sub<Tensor3D>(x_GNC, mean_G1C);
    const variance_G1C = tf.mean<Tensor3D>(tf.square(centred_GNC), 1, true);
    const scale_G1C = tf.rsqrt(tf.add<Tensor3D>(variance_G1C, epsilon));
    const normal_GNC = tf.mul<Tensor3D>(centred_GNC, scale_G1C);
    return { mean_G1C, variance_G1C, scale_G1C, normal_GNC };
  }

  function affine(normal_GNC: Tensor3D): Tensor3D {
    return tf.add(tf.mul(normal_GNC, weight.read()), bias.read());
  }

  function byRunning(input: Tensor2D): Tensor2D {
    const scale_C = tf.rsqrt(tf.add(running.variance.read(), epsilon));
    const normal_GNC = tf.mul<Tensor3D>(tf.sub(grouped(input, 1), running.mean.read()), scale_C);
    return kernels.activate(flat(affine(normal_GNC), input), activation);
  }

  return {
    forward: (input, pass) => {
      const groups = pass?.groups ?? 1;
      if (pass === undefined) return { input, output: byRunning(input), selection: undefined, groups };
      const normalised = normalise(input, groups);
      const output = kernels.activate(flat(affine(normalised.normal_GNC), input), activation);
      const trace = { input, output, selection: undefined, groups };
      known.set(trace, normalised);
      return trace;
    },
    backward: (trace, dOutput, wanted) => {
      const { scale_G1C, normal_GNC } = normalisedOf(trace);
      const dz_GNC = grouped(kernels.activationGradient(dOutput, trace.output, activation), trace.groups);
      const parameters = wanted.parameters
        ? [tf.sum<Tensor1D>(tf.mul(dz_GNC, normal_GNC), [0, 1]), tf.sum<Tensor1D>(dz_GNC, [0, 1])]
        : [];
      if (!wanted.input) return { input: undefined, parameters };
      // What moves all values of a channel alike, or stretches them, is taken back by mean and variance.
      const dNormal_GNC = tf.mul<Tensor3D>(dz_GNC, weight.read());
      const shift_G1C = tf.mean<Tensor3D>(dNormal_GNC, 1, true);
      const stretch_G1C = tf.mean<Tensor3D>(tf.mul(dNormal_GNC, normal_GNC), 1, true);
      const rest_GNC = tf.sub(tf.sub(dNormal_GNC, shift_G1C), tf.mul(normal_GNC, stretch_G1C));
      return { input: flat(tf.mul(rest_GNC, scale_G1C), trace.input), parameters };
    },
    moments: (trace): Moments => {
      const { mean_G1C, variance_G1C } = normalisedOf(trace);
      return [tf.mean<Tensor1D>(mean_G1C, [0, 1]), tf.mean<Tensor1D>(variance_G1C, [0, 1])];
    },
  };
}
