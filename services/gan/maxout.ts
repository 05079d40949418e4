/**
 * Maxout: each unit is the maximum of several linear pieces (Goodfellow et al. 2013, "Maxout networks", equation 1).
 * Column u·pieces + p of the weight is piece p of unit u. Shape suffixes: N samples, U units, P pieces.
 *
 * The gradient goes to the first winning piece alone. tfjs's own gradient of `max` gives it to every piece of a tie,
 * and ties are what zero-initialised or dead pieces make.
 */
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { must } from '../errors/invariant.ts';
import type { Nonlinearity } from './affineLayer.ts';
import type { Tf } from './kernels.ts';
import type { Trace } from './layer.ts';

export function maxoutOf(tf: Tf, { units, pieces }: { readonly units: number; readonly pieces: number }): Nonlinearity {
  const winners = ({ selection }: Trace) => must(selection, 'the winning pieces') as Tensor3D;
  const toWinners = (values_NU: Tensor2D, trace: Trace): Tensor2D => {
    const spread_NUP = tf.mul(tf.reshape(values_NU, [-1, units, 1]), winners(trace));
    return tf.reshape(spread_NUP, [-1, units * pieces]) as Tensor2D;
  };
  return {
    forward: (z) => {
      const z_NUP = tf.reshape(z, [-1, units, pieces]);
      // As integers first: tfjs 4.22's WASM kernel writes the integer 1, which is 1e-45, into a float32 one-hot.
      const winner_NUP = tf.cast(tf.oneHot(tf.argMax(z_NUP, 2), pieces), 'float32');
      return { output: tf.max<Tensor2D>(z_NUP, 2), selection: winner_NUP };
    },
    gradient: toWinners,
    tangent: (z, trace) => tf.sum<Tensor2D>(tf.mul(tf.reshape(z, [-1, units, pieces]), winners(trace)), 2),
    movedGradient: (_dy, trace, moves) => moves.dOutput && toWinners(moves.dOutput, trace),
  };
}
