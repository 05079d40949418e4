/**
 * Maxout: each unit is the maximum of several linear pieces (Goodfellow et al. 2013, "Maxout networks", equation 1).
 * Column u·pieces + p of the weight is piece p of unit u. Shape suffixes: N samples, U units, P pieces.
 *
 * The gradient goes to the first winning piece alone. tfjs's own gradient of `max` gives it to every piece of a tie,
 * and ties are what zero-initialised or dead pieces make.
 */
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import { type AffineParameters, affine, affineGradient } from './dense.ts';
import type { Kernels, Tf } from './kernels.ts';
import type { Layer } from './layer.ts';

export function maxoutLayer(
  tf: Tf,
  kernels: Kernels,
  parameters: AffineParameters,
  shape: { readonly units: number; readonly pieces: number },
): Layer {
  const { units, pieces } = shape;
  return {
    forward: (input, pass) => {
      const z_NUP = tf.reshape(affine(kernels, parameters, input), [-1, units, pieces]);
      // As integers first: tfjs 4.22's WASM kernel writes the integer 1, which is 1e-45, into a float32 one-hot.
      const winner_NUP = tf.cast(tf.oneHot(tf.argMax(z_NUP, 2), pieces), 'float32');
      return { input, output: tf.max<Tensor2D>(z_NUP, 2), selection: winner_NUP, groups: pass?.groups ?? 1 };
    },
    backward: (trace, dOutput, wanted) => {
      const winner_NUP = must(trace.selection, 'the winning pieces') as Tensor3D;
      const dz_NUP = tf.mul(tf.reshape(dOutput, [-1, units, 1]), winner_NUP);
      return affineGradient(kernels, parameters, trace.input, tf.reshape(dz_NUP, [-1, units * pieces]), wanted);
    },
  };
}
