/** Finds a NaN or an infinity before it is applied: afterwards nothing would tell where it came from. */
import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from './kernels.ts';

/**
 * Index of the first tensor with a value that is not finite. One pass: the sum of a tensor with a NaN or an infinity is
 * neither; only where a sum looks wrong (it may overflow by itself) the values are looked at one by one.
 */
export function firstNonFinite(tf: Tf, tensors: readonly Tensor[]): number | undefined {
  const sums = tf.tidy(() => tf.stack(tensors.map((tensor) => tf.sum(tensor))).dataSync<'float32'>());
  for (const [index, sum] of sums.entries()) {
    if (!Number.isFinite(sum) && !allFinite(tensors[index]?.dataSync<'float32'>() ?? new Float32Array())) return index;
  }
  return undefined;
}

/** True where every value is finite. */
export function allFinite(values: Float32Array): boolean {
  return values.every((value) => Number.isFinite(value));
}
