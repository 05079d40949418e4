/**
 * Batch normalisation over a logical shard by the backend's own kernels, one forward and one back, where `batchNorm.ts` takes
 * a dozen passes over the values. Formulas, statistics and shape suffixes are those of that file.
 */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { AffineParameters } from './affineLayer.ts';
import { byRunning, type RunningStatistics } from './batchNorm.ts';
import type { FusedBatchNorm, Kernels, Tf } from './kernels.ts';
import type { Layer, Trace } from './layer.ts';
import type { BatchNormConfig, Shape } from './shapes.ts';

export function fusedBatchNormLayer(
  tf: Tf,
  kernels: Kernels,
  fused: FusedBatchNorm,
  { weight, bias }: AffineParameters,
  running: RunningStatistics,
  { epsilon, activation }: BatchNormConfig,
  inputShape: Shape,
): Layer {
  const channels = must(inputShape.at(-1), 'channels');
  /** Each stacked batch as [N, C]. */
  const batches = (values: Tensor2D, groups: number): Tensor2D[] =>
    tf.split(tf.reshape(values, [-1, channels]) as Tensor2D, groups, 0);
  const flat = (parts: Tensor2D[], like: Tensor2D) => tf.reshape(tf.concat(parts, 0), like.shape) as Tensor2D;
  const gammaBeta = () => [weight.read() as Tensor1D, bias.read() as Tensor1D] as const;
  const statisticsOf = ({ statistics }: Trace) => must(statistics, 'statistics');

  return {
    forward: (input, pass) => {
      if (pass === undefined) {
        const normal = byRunning(tf, { weight, bias }, running, epsilon, input, channels);
        return { input, output: kernels.activate(normal, activation), selection: undefined, groups: 1 };
      }
      const { groups } = pass;
      const done = batches(input, groups).map((x_NC) => fused.forward(x_NC, ...gammaBeta(), epsilon));
      const z = flat(
        done.map(({ output }) => output),
        input,
      );
      const statistics = tf.stack(
        done.map(({ statistics }) => statistics),
        1,
      );
      return { input, output: kernels.activate(z, activation), selection: undefined, groups, statistics };
    },
    backward: (trace, dOutput, wanted) => {
      const dz = kernels.activationGradient(dOutput, trace.output, activation);
      const [gamma] = gammaBeta();
      const inputs = batches(trace.input, trace.groups);
      const statistics = tf.unstack(statisticsOf(trace), 1);
      const done = batches(dz, trace.groups).map((dz_NC, group) =>
        fused.backward(dz_NC, must(inputs[group], 'batch'), gamma, must(statistics[group], 'statistics'), epsilon),
      );
      const total = (parts: Tensor[]) => (parts.length === 1 ? must(parts[0], 'part') : tf.addN(parts));
      return {
        input: wanted.input
          ? flat(
              done.map(({ input }) => input),
              trace.input,
            )
          : undefined,
        parameters: wanted.parameters
          ? [total(done.map(({ weight: gradient }) => gradient)), total(done.map(({ bias: gradient }) => gradient))]
          : [],
      };
    },
    moments: (trace) => {
      const [mean_GC, variance_GC] = fused.moments(statisticsOf(trace), trace.input.size / trace.groups / channels);
      return [tf.mean<Tensor1D>(mean_GC, 0), tf.mean<Tensor1D>(variance_GC, 0)];
    },
  };
}
