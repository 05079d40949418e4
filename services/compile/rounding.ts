/** Whether two computations of the same results are apart by rounding alone. */
import type { Tensor } from '@tensorflow/tfjs';
import type { Judge } from './difference.ts';

/**
 * Of the largest value in all of the results. Measured between XLA and op by op: 10⁻⁶ for most, 4·10⁻⁴ where a convolution
 * and a ReLU are trained, 10⁻³ where a batch norm has next to no variance to divide by. The largest of the tensor itself
 * would not do: the gradient of a bias in front of a batch norm is 0 but for rounding.
 */
const TOLERANCE = 1e-2;
/** Now and then rounding decides which of two pieces is the larger: seen at 4 of 1.8 million values, apart by all there is. */
const DECIDED_ONE_IN = 256;

/** @param results all of them, from the computation that is right. */
export function roundingJudge(results: readonly Tensor[]): Judge {
  const bound = TOLERANCE * results.reduce((largest, result) => Math.max(largest, largestOf(result)), 0);
  return (name, actual, expected) => {
    const [found, wanted] = [actual.dataSync(), expected.dataSync()];
    let [count, apart] = [0, 0];
    for (let index = 0; index < wanted.length; index += 1) {
      const [a, b] = [found[index] ?? 0, wanted[index] ?? 0];
      // What is not finite must be the same.
      if (Object.is(a, b) || Math.abs(a - b) <= bound) continue;
      count += 1;
      apart = Math.max(apart, Math.abs(a - b));
    }
    if (count <= wanted.length / DECIDED_ONE_IN) return undefined;
    return `${count} of the ${wanted.length} values of ${name} are apart by up to ${apart.toPrecision(2)}, which rounding explains to ${bound.toPrecision(2)}`;
  };
}

function largestOf(tensor: Tensor): number {
  let largest = 0;
  for (const value of tensor.dataSync()) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest;
}
