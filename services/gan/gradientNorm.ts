/** The Euclidean norm of a gradient: what is reported, and what clipping looks at. */
import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from './kernels.ts';

/** Over all values of all tensors, which are finite. */
export function euclideanNorm(tf: Tf, tensors: readonly Tensor[]): number {
  const squares = tf.tidy(() => tf.stack(tensors.map((tensor) => tf.sum(tf.square(tensor)))).dataSync<'float32'>());
  const total = squares.reduce((sum, square) => sum + square, 0);
  return Math.sqrt(Number.isFinite(total) ? total : sumOfSquares(tensors));
}

/** In float64, for gradients above 10¹⁹, whose squares float32 does not hold. */
function sumOfSquares(tensors: readonly Tensor[]): number {
  return tensors.reduce(
    (total, tensor) => tensor.dataSync<'float32'>().reduce((sum, value) => sum + value * value, total),
    0,
  );
}
