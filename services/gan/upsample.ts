/** Nearest-neighbour upsampling: each value of an image becomes factor × factor equal ones. */
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Tf } from './kernels.ts';
import type { Layer } from './layer.ts';
import { locallyLinearLayer } from './locallyLinear.ts';
import type { ResolvedLayer } from './shapes.ts';

export function upsampleLayer(tf: Tf, factor: number, { inputShape, outputUnits, inputUnits }: ResolvedLayer): Layer {
  const [, width = 0, channels = 0] = inputShape;
  const copies = (rows: Tensor2D) => tf.concat2d(Array<Tensor2D>(factor).fill(rows), 1);
  const matrix = (values: Tensor2D, columns: number) => tf.reshape(values, [-1, columns]) as Tensor2D;
  const sums = (values: Tensor2D, columns: number) =>
    tf.sum<Tensor2D>(tf.reshape(values, [-1, factor, columns]) as Tensor3D, 1);
  const rowWidth = width * factor * channels;
  // First along the width, each place by itself; then along the height, each row by itself.
  const up = (input: Tensor2D) => matrix(copies(matrix(copies(matrix(input, channels)), rowWidth)), outputUnits);
  const down = (dOutput: Tensor2D) => matrix(sums(sums(dOutput, rowWidth), channels), inputUnits);
  return locallyLinearLayer({
    forward: up,
    tangent: (_trace, input) => up(input),
    transpose: (_trace, dOutput) => down(dOutput),
  });
}
