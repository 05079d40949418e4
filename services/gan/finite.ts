/** Finds a NaN or an infinity before it is applied: afterwards nothing would tell where it came from. */
import type { Tensor } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';

/**
 * Index of the first tensor with a value that is not finite. The sum of a tensor with a NaN or an infinity is neither; only
 * where a sum looks wrong (it may overflow by itself) the values are looked at one by one.
 *
 * @param totals the sum of each tensor's values.
 */
export function firstNonFinite(tensors: readonly Tensor[], totals: Float32Array): number | undefined {
  for (const [index, total] of totals.entries()) {
    if (!Number.isFinite(total) && !allFinite(must(tensors[index], 'tensor').dataSync<'float32'>())) return index;
  }
  return undefined;
}

/** True where every value is finite. */
export function allFinite(values: Float32Array): boolean {
  return values.every((value) => Number.isFinite(value));
}
