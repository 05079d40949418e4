/** The kernels in plain tfjs ops: for WASM and for plain JS. */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { Activation, Kernels, Tf, Variable } from './kernels.ts';
import { LEAKY_SLOPE } from './kernels.ts';

/**
 * @param explicitTransposes WASM's matMul is a naive loop where an operand is transposed (2 GFLOPS against 26), so
 * that transposing first is 5 to 14 times as fast there.
 */
export function plainKernels(tf: Tf, explicitTransposes: boolean): Kernels {
  return {
    multiply: (x, w) => tf.matMul(x, w),
    affine: (x, w, b) => tf.add(tf.matMul(x, w), b),
    addBias: (z, b) => tf.add(z, b),
    weightGradient: (x, dz) =>
      explicitTransposes ? tf.matMul<Tensor2D>(tf.transpose(x), dz) : tf.matMul<Tensor2D>(x, dz, true, false),
    inputGradient: (dz, w) =>
      explicitTransposes ? tf.matMul<Tensor2D>(dz, tf.transpose(w)) : tf.matMul<Tensor2D>(dz, w, false, true),
    biasGradient: (dz) => tf.sum<Tensor1D>(dz, 0),
    activate: (z, activation) => activate(tf, z, activation),
    activationGradient: (dy, y, activation) => activationGradient(tf, dy, y, activation),

    gather: (values, from) => tf.gather(values, from),

    read: (tensor, into) => into.set(tensor.dataSync<'float32'>()),

    variable: (shape) => heldTensor(tf, shape),
    descend: (w, gradient, rate) => {
      replace(w, () => tf.sub(w.read(), tf.mul(gradient, rate)));
    },
    descendWithMomentum: (w, v, gradient, rate, momentum) => {
      replace(v, () => tf.sub(tf.mul(v.read(), momentum), tf.mul(gradient, rate)));
      replace(w, () => tf.add(w.read(), v.read()));
    },
    adam: (w, m, v, gradient, { rate, beta1, beta2, epsilon }) => {
      replace(m, () => tf.add(tf.mul(m.read(), beta1), tf.mul(gradient, tf.sub(1, beta1))));
      replace(v, () => tf.add(tf.mul(v.read(), beta2), tf.mul(tf.square(gradient), tf.sub(1, beta2))));
      replace(w, () => tf.sub(w.read(), tf.div(tf.mul(m.read(), rate), tf.add(tf.sqrt(v.read()), epsilon))));
    },
    rmsProp: (w, v, gradient, { rate, rho, epsilon }) => {
      replace(v, () => tf.add(tf.mul(v.read(), rho), tf.mul(tf.square(gradient), tf.sub(1, rho))));
      replace(w, () => tf.sub(w.read(), tf.div(tf.mul(gradient, rate), tf.add(tf.sqrt(v.read()), epsilon))));
    },
    average: (average, w, share) => {
      replace(average, () => tf.sub(average.read(), tf.mul(tf.sub(average.read(), w.read()), share)));
    },
  };

  function replace(variable: Variable, compute: () => Tensor): void {
    variable.set(tf.tidy(compute));
  }
}

function activate(tf: Tf, z: Tensor2D, activation: Activation): Tensor2D {
  switch (activation) {
    case 'linear':
      return z;
    case 'relu':
      return tf.relu(z);
    case 'leaky-relu':
      // αz + (1 − α)·relu(z): tfjs's own leakyRelu has no second derivative, and both should agree.
      return tf.add(tf.mul(z, LEAKY_SLOPE), tf.mul(tf.relu(z), 1 - LEAKY_SLOPE));
    case 'elu':
      return tf.elu(z);
    case 'softplus':
      return tf.softplus(z);
    case 'sigmoid':
      return tf.sigmoid(z);
    case 'tanh':
      return tf.tanh(z);
  }
}

function activationGradient(tf: Tf, dy: Tensor2D, y: Tensor2D, activation: Activation): Tensor2D {
  switch (activation) {
    case 'linear':
      return dy;
    case 'relu':
      return tf.mul(dy, tf.step(y));
    case 'leaky-relu':
      return tf.mul(dy, tf.step(y, LEAKY_SLOPE));
    case 'elu':
      return tf.mul(dy, tf.add(tf.minimum(y, 0), 1));
    case 'softplus':
      // sigmoid(z).
      return tf.mul(dy, tf.sub(1, tf.exp(tf.neg(y))));
    case 'sigmoid':
      return tf.mul(dy, tf.mul(y, tf.sub(1, y)));
    case 'tanh':
      return tf.mul(dy, tf.sub(1, tf.square(y)));
  }
}

function heldTensor(tf: Tf, shape: readonly number[]): Variable {
  let held = tf.keep(tf.zeros([...shape]));
  const set = (next: Tensor) => {
    tf.keep(next);
    held.dispose();
    held = next;
  };
  return {
    shape,
    read: () => held,
    // A copy, because plain JS tensors keep the array that they were made from.
    assign: (values) => set(tf.tensor(values.slice(), [...shape])),
    set,
    tensorCount: 1,
    dispose: () => held.dispose(),
  };
}
