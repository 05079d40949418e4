/**
 * The kernels as TensorFlow's own ops, on the CPU or a GPU, called past tfjs's op layer: `MatMul` is as fast as the
 * `BatchMatMulV2` that tfjs uses in x·w and faster in xᵀ·dz (2.43 ms against 2.83 at 200×1200×1200), the other way round
 * in dz·wᵀ (3.30 against 2.78); `ReluGrad` replaces compare, select and multiply, and the optimizers update resource
 * variables in place (one pass over memory, where tfjs would make two or three new tensors).
 */
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { invariant, must } from '../errors/invariant.ts';
import type { Activation, FusedBatchNorm, Kernels, Tf, Variable } from './kernels.ts';
import { LEAKY_SLOPE } from './kernels.ts';
import { type RawOps, rawOps } from './rawOps.ts';
import { type ResourceVariable, resourceVariable } from './resourceVariable.ts';

export function tensorflowKernels(tf: Tf): Kernels {
  const raw = rawOps(tf);
  const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean) =>
    raw.compute(
      'MatMul',
      [raw.float, raw.bool('transpose_a', transposeA), raw.bool('transpose_b', transposeB)],
      [a, b],
    );

  const addBias = (z: Tensor2D, b: Tensor1D) => raw.compute('BiasAdd', [raw.float], [z, b]) as Tensor2D;

  /** a ← a − share·(a − target). Call it inside a tidy. */
  const moveTowards = (average: Variable, target: Tensor, share: Tensor) => {
    const difference = tf.tidy(() => tf.sub(average.read(), target));
    raw.run('ResourceApplyGradientDescent', [raw.float], [handle(average), share, difference]);
  };

  return {
    fusedBatchNorm: fusedBatchNorm(tf, raw),
    multiply: (x, w) => product(x, w, false, false) as Tensor2D,
    affine: (x, w, b) => addBias(product(x, w, false, false) as Tensor2D, b),
    addBias,
    weightGradient: (x, dz) => product(x, dz, true, false) as Tensor2D,
    // The other kernel, because it is faster here where the right factor is transposed, and slower elsewhere.
    inputGradient: (dz, w) =>
      raw.compute('BatchMatMulV2', [raw.float, raw.bool('adj_x', false), raw.bool('adj_y', true)], [dz, w]) as Tensor2D,
    biasGradient: (dz) => raw.compute('BiasAddGrad', [raw.float], [dz]) as Tensor1D,
    activate: (z, activation) => activate(tf, raw, z, activation),
    activationGradient: (dy, y, activation) => activationGradient(tf, raw, dy, y, activation),

    // tfjs-node's own reads the indices first, which no compiled step may.
    gather: (values, from) =>
      raw.compute(
        'Gather',
        [raw.floatType('Tparams'), raw.intType('Tindices'), raw.bool('validate_indices', true)],
        [values, from],
      ) as Tensor1D,

    read: raw.read,

    variable: (shape) => resourceVariable(tf, raw, shape),
    descend: (w, gradient, rate) => {
      raw.run('ResourceApplyGradientDescent', [raw.float], [handle(w), rate, gradient]);
    },
    descendWithMomentum: (w, v, gradient, rate, momentum) => {
      // Keras's form has the rate inside the velocity, as the authors' code; ResourceApplyMomentum has it outside.
      raw.run('ResourceApplyKerasMomentum', [raw.float], [handle(w), handle(v), rate, gradient, momentum]);
    },
    adam: (w, m, v, gradient, { rate, beta1, beta2, epsilon }) => {
      // The op's rate is lr·√(1 − beta2_power) / (1 − beta1_power): powers of 0 leave ours, which has it all.
      const zero = tf.scalar(0);
      raw.run(
        'ResourceApplyAdam',
        [raw.float],
        [handle(w), handle(m), handle(v), zero, zero, rate, beta1, beta2, epsilon, gradient],
      );
      zero.dispose();
    },
    rmsProp: (w, v, gradient, { rate, rho, epsilon }) => {
      tf.tidy(() => moveTowards(v, tf.square(gradient), tf.sub(1, rho)));
      // ResourceApplyRMSProp has ε below the root. Adagrad's op, told to leave its sum alone, is the step that is left.
      const leaveSum = raw.bool('update_slots', false);
      raw.run('ResourceApplyAdagradV2', [raw.float, leaveSum], [handle(w), handle(v), rate, epsilon, gradient]);
    },
    average: (average, w, share) => tf.tidy(() => moveTowards(average, w.read(), share)),
  };
}

/** TensorFlow keeps mean and variance for the way back in a form of the device's, and gives them corrected for the sample's size beside. */
function fusedBatchNorm(tf: Tf, raw: RawOps): FusedBatchNorm {
  const attributes = (epsilon: number) => [
    raw.float,
    raw.floatType('U'),
    raw.number('epsilon', epsilon),
    raw.text('data_format', 'NHWC'),
    raw.bool('is_training', true),
  ];
  const image = (values: Tensor2D) => tf.reshape(values, [1, values.shape[0], 1, values.shape[1]]);
  const rows = (values: Tensor, like: Tensor2D) => tf.reshape(values, like.shape) as Tensor2D;
  return {
    forward: (x, gamma, beta, epsilon) => {
      const none = tf.zeros([0]);
      const given = [image(x), gamma, beta, none, none];
      const average = raw.number('exponential_avg_factor', 1);
      const [output, ...statistics] = raw.computeAll('FusedBatchNormV3', [...attributes(epsilon), average], given, 6);
      return { output: rows(must(output, 'output'), x), statistics: tf.stack(statistics.slice(0, 4)) as Tensor2D };
    },
    backward: (dz, x, gamma, statistics, epsilon) => {
      const [, , mean, variance] = tf.unstack(statistics);
      const given = [image(dz), image(x), gamma, must(mean, 'mean'), must(variance, 'variance'), tf.zeros([0])];
      const [input, weight, bias] = raw.computeAll('FusedBatchNormGradV3', attributes(epsilon), given, 5);
      return {
        input: rows(must(input, 'gradient'), x),
        weight: must(weight, 'gradient') as Tensor1D,
        bias: must(bias, 'gradient') as Tensor1D,
      };
    },
    moments: (statistics, count) => {
      const [mean, variance] = tf.unstack(statistics) as Tensor2D[];
      return [must(mean, 'mean'), tf.mul(must(variance, 'variance'), (count - 1) / count)];
    },
  };
}

function handle(variable: Variable): Tensor {
  invariant('handle' in variable, 'a variable of this backend');
  return (variable as ResourceVariable).handle;
}

function activate(tf: Tf, raw: RawOps, z: Tensor2D, activation: Activation): Tensor2D {
  switch (activation) {
    case 'linear':
      return z;
    case 'relu':
      return tf.relu(z);
    case 'leaky-relu':
      return raw.compute('LeakyRelu', [raw.float, raw.number('alpha', LEAKY_SLOPE)], [z]) as Tensor2D;
    case 'elu':
      return raw.compute('Elu', [raw.float], [z]) as Tensor2D;
    case 'softplus':
      return raw.compute('Softplus', [raw.float], [z]) as Tensor2D;
    case 'sigmoid':
      return tf.sigmoid(z);
    case 'tanh':
      return tf.tanh(z);
  }
}

/** The relu kernels ask for the input, but look at its sign only, which the output shares. */
function activationGradient(tf: Tf, raw: RawOps, dy: Tensor2D, y: Tensor2D, activation: Activation): Tensor2D {
  switch (activation) {
    case 'linear':
      return dy;
    case 'relu':
      return raw.compute('ReluGrad', [raw.float], [dy, y]) as Tensor2D;
    case 'leaky-relu':
      return raw.compute('LeakyReluGrad', [raw.float, raw.number('alpha', LEAKY_SLOPE)], [dy, y]) as Tensor2D;
    case 'elu':
      return raw.compute('EluGrad', [raw.float], [dy, y]) as Tensor2D;
    case 'softplus':
      // SoftplusGrad asks for the input. This is sigmoid(z).
      return tf.mul(dy, tf.neg(tf.expm1(tf.neg(y))));
    case 'sigmoid':
      return raw.compute('SigmoidGrad', [raw.float], [y, dy]) as Tensor2D;
    case 'tanh':
      return raw.compute('TanhGrad', [raw.float], [y, dy]) as Tensor2D;
  }
}
