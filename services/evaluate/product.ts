/** a·bᵀ on the device, read back. */
import type { Tensor2D } from '@tensorflow/tfjs';
import type { Tf } from '../gan/kernels.ts';
import type { Matrix } from './matrix.ts';

/** [some.rows, all's rows], row by row; the caller's own. */
export function productWith(tf: Tf, some: Matrix, all_BC: Tensor2D): Float32Array {
  // What a tidy gives back is searched for tensors value by value: so it gives a tensor.
  const product = tf.tidy(() => {
    const some_NC = tf.tensor2d(some.values.slice(), [some.rows, some.columns]);
    return tf.matMul(some_NC, all_BC, false, true);
  });
  try {
    return product.dataSync() as Float32Array;
  } finally {
    product.dispose();
  }
}
