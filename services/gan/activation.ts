/** The activations as what bends a layer. Each one's slope, and how that slope moves, can be told from its output. */
import type { Tensor2D } from '@tensorflow/tfjs';
import type { Nonlinearity } from './affineLayer.ts';
import type { Activation, Kernels, Tf } from './kernels.ts';

export function activationOf(tf: Tf, kernels: Kernels, activation: Activation): Nonlinearity {
  return {
    forward: (z) => ({ output: kernels.activate(z, activation), selection: undefined }),
    gradient: (dy, { output }) => kernels.activationGradient(dy, output, activation),
    tangent: (z, { output }) => kernels.activationGradient(z, output, activation),
    movedGradient: (dy, { output }, moves) => {
      const first = moves.dOutput && kernels.activationGradient(moves.dOutput, output, activation);
      const bend = bendOf(tf, activation, output);
      if (bend === undefined) return first;
      // f″(z)·(tangent of z)·dy, where the tangent of y is f′(z)·(tangent of z).
      const second = tf.mul<Tensor2D>(tf.mul(bend, moves.output), dy);
      return first === undefined ? second : tf.add(first, second);
    },
  };
}

/** f″(z) / f′(z), by the output; undefined where f is piecewise linear. */
function bendOf(tf: Tf, activation: Activation, y: Tensor2D): Tensor2D | undefined {
  if (activation === 'sigmoid') return tf.sub(1, tf.mul(y, 2));
  // e^z / e^z below 0, where y is below 0 as well.
  if (activation === 'elu') return tf.sub(1, tf.step<Tensor2D>(y));
  // 1 − sigmoid(z).
  if (activation === 'softplus') return tf.exp(tf.neg(y));
  if (activation === 'tanh') return tf.mul(y, -2);
  return undefined;
}
