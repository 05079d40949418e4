/**
 * Minibatch standard deviation (Karras et al. 2018, "Progressive growing of GANs", section 3): how much the samples of a group
 * differ, on average over all their values, becomes one more channel of each of them. G that gives always the same is seen.
 *
 * A group is `groupSize` consecutive samples of a logical shard, the last one what is left; reals and fakes apart. So bits
 * depend on the shards, as batch norm's do, never on who computes. A penalty on D's slope takes a sample's part in the others'
 * outputs for slope as well, as StyleGAN's does. P averages over groups, and is its own transpose. Shape suffixes: N samples, V
 * values; B stacked batches, R rows of each, F with what fills the last group; G groups.
 */
import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Tf } from './kernels.ts';
import type { Layer } from './layer.ts';
import type { ResolvedLayer } from './shapes.ts';

/** Added to the variance, as in the paper's code: a group of one has a deviation of 10⁻⁴ and no gradient. */
const EPSILON = 1e-8;

export function minibatchStdLayer(tf: Tf, groupSize: number, layer: ResolvedLayer): Layer {
  const { inputUnits: values, outputUnits } = layer;
  const channels = layer.inputShape.at(-1) ?? 0;
  const places = values / channels;

  /** P·x: each row becomes the mean of its group's rows. @param batches stacked in x. */
  function groupMean(x_NV: Tensor2D, batches: number): Tensor2D {
    const [rows, width] = x_NV.shape;
    const batch = rows / batches;
    const size = Math.min(groupSize, batch);
    const groups = Math.ceil(batch / size);
    const filled = groups * size;
    const x_BRV = tf.reshape(x_NV, [batches, batch, width]) as Tensor3D;
    const padded_BFV = tf.pad3d(x_BRV, [
      [0, 0],
      [0, filled - batch],
      [0, 0],
    ]);
    const sums_G1V = tf.sum<Tensor3D>(tf.reshape(padded_BFV, [batches * groups, size, width]), 1, true);
    const sizes = Array.from({ length: batches * groups }, (_, group) =>
      Math.min(size, batch - (group % groups) * size),
    );
    const means_G1V = tf.div<Tensor3D>(sums_G1V, tf.tensor3d(sizes, [sizes.length, 1, 1]));
    const spread = tf.reshape(tf.tile(means_G1V, [1, size, 1]), [batches, filled, width]) as Tensor3D;
    return tf.reshape(tf.slice3d(spread, [0, 0, 0], [batches, batch, width]), x_NV.shape) as Tensor2D;
  }

  function seen(input_NV: Tensor2D, batches: number) {
    const average = (x_NV: Tensor2D) => groupMean(x_NV, batches);
    const centre = (x_NV: Tensor2D) => tf.sub<Tensor2D>(x_NV, average(x_NV));
    const centred_NV = centre(input_NV);
    const deviation_NV = tf.sqrt(tf.add(average(tf.square(centred_NV)), EPSILON)) as Tensor2D;
    return { average, centre, centred_NV, deviation_NV };
  }

  /** Behind the channels of each place. */
  function append(input_NV: Tensor2D, spread_N1: Tensor2D): Tensor2D {
    const images = tf.reshape(input_NV, [-1, places, channels]) as Tensor3D;
    const column = tf.tile(tf.reshape(spread_N1, [-1, 1, 1]) as Tensor3D, [1, places, 1]);
    return tf.reshape(tf.concat3d([images, column], 2), [-1, outputUnits]) as Tensor2D;
  }

  const meanOfValues = (x_NV: Tensor2D) => tf.mean<Tensor2D>(x_NV, 1, true);

  /** The transpose of `append`: what goes to the values, and the sum of what goes to the channel, averaged over the group. */
  function take(d: Tensor2D, average: (x: Tensor2D) => Tensor2D) {
    const images = tf.reshape(d, [-1, places, channels + 1]) as Tensor3D;
    const direct = tf.reshape(tf.slice3d(images, [0, 0, 0], [-1, -1, channels]), [-1, values]) as Tensor2D;
    const column = tf.sum<Tensor1D>(tf.slice3d(images, [0, 0, channels], [-1, -1, 1]), [1, 2]);
    return { direct, spread_N1: average(tf.reshape(column, [-1, 1]) as Tensor2D) };
  }

  return {
    forward: (input, pass) => {
      const groups = pass?.groups ?? 1;
      const output = append(input, meanOfValues(seen(input, groups).deviation_NV));
      return { input, output, selection: undefined, groups };
    },
    backward: ({ input, groups }, dOutput, wanted) => {
      if (!wanted.input) return { input: undefined, parameters: [] };
      const { average, centred_NV, deviation_NV } = seen(input, groups);
      const { direct, spread_N1 } = take(dOutput, average);
      // The mean of centred values is 0 in each group, so that nothing goes back through the mean.
      const slope_NV = tf.mul<Tensor2D>(tf.div(centred_NV, deviation_NV), tf.div(spread_N1, values));
      return { input: tf.add<Tensor2D>(direct, slope_NV), parameters: [] };
    },
    tangent: {
      forward: ({ input, groups }, tangent) => append(tangent, meanOfValues(movedDeviation(input, groups, tangent))),
      backward: ({ input, groups }, dOutput, moves, wanted) => {
        if (!wanted.input) return { input: undefined, parameters: [] };
        const { average, centre, centred_NV, deviation_NV } = seen(input, groups);
        const { spread_N1 } = take(dOutput, average);
        const normal_NV = tf.div<Tensor2D>(centred_NV, deviation_NV);
        const stretched_NV = tf.mul<Tensor2D>(normal_NV, movedDeviation(input, groups, moves.input));
        const moved_NV = tf.div<Tensor2D>(tf.sub(centre(moves.input), stretched_NV), deviation_NV);
        const bent_NV = tf.mul<Tensor2D>(moved_NV, tf.div(spread_N1, values));
        if (moves.dOutput === undefined) return { input: bent_NV, parameters: [] };
        const further = take(moves.dOutput, average);
        const slope_NV = tf.mul<Tensor2D>(normal_NV, tf.div(further.spread_N1, values));
        return { input: tf.add<Tensor2D>(bent_NV, tf.add(further.direct, slope_NV)), parameters: [] };
      },
    },
  };

  function movedDeviation(input_NV: Tensor2D, batches: number, tangent_NV: Tensor2D): Tensor2D {
    const { average, centre, centred_NV, deviation_NV } = seen(input_NV, batches);
    return tf.div(average(tf.mul(centred_NV, centre(tangent_NV))), deviation_NV);
  }
}
