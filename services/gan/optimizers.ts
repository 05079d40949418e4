/**
 * One update of one network by the mean gradient. The gradients come as sums over the global minibatch, and are divided by
 * its sample count here, on the device, in one place for every replica and every way to get here.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { NetworkName, OptimizerConfig, RunConfig } from '../config/runConfig.ts';
import { invariant, must } from '../errors/invariant.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import { type ColumnLimit, limitColumns } from './columnLimit.ts';
import type { Kernels, Tf, Variable } from './kernels.ts';
import { scheduledAt } from './scheduledValue.ts';
import {
  type AdamConfig,
  adamStep,
  averageDecay,
  momentumAt,
  productOf,
  type SgdConfig,
  sgdLearningRate,
} from './schedules.ts';

type AdamwConfig = Extract<OptimizerConfig, { type: 'adamw' }>;
type RmsPropConfig = Extract<OptimizerConfig, { type: 'rmsprop' }>;

/** A parameter with what the optimizer keeps of it. */
export interface TrainedParameter {
  readonly weight: Variable;
  /** In the order of `optimizerSlots`. */
  readonly slots: readonly Variable[];
  readonly average: Variable | undefined;
  readonly columnLimit: ColumnLimit | undefined;
}

/**
 * Call it inside a tidy.
 *
 * @param sums the gradients summed over the phase's samples, one a parameter.
 * @param norm of the mean gradient; must be there where the optimizer clips.
 */
type NetworkUpdate = (
  plan: PhasePlan,
  parameters: readonly TrainedParameter[],
  sums: readonly Tensor[],
  norm: number | undefined,
) => void;

export function createNetworkUpdate(tf: Tf, kernels: Kernels, config: RunConfig, network: NetworkName): NetworkUpdate {
  const optimizer = createOptimizer(tf, kernels, config.optimizer[network]);
  const halfLife = network === 'generator' ? config.ema?.halfLifeSamples : undefined;
  const { clipNorm } = config.optimizer[network];
  return (plan, parameters, sums, norm) => {
    invariant(parameters.length === sums.length, `${sums.length} gradients for ${parameters.length} parameters`);
    const { epoch, sampleCount } = plan;
    const updatesBefore = plan.updatesBefore[network];
    // g·min(1, c/‖g‖) with g = Σ/n is one division, and no pass more.
    const excess = clipNorm === undefined ? 1 : Math.max(1, must(norm, 'norm') / clipNorm);
    const update = optimizer({ updatesBefore, epoch, divisor: sampleCount * excess });
    for (const [index, parameter] of parameters.entries()) {
      update(parameter, must(sums[index], 'gradient'));
      if (parameter.columnLimit !== undefined) limitColumns(tf, parameter.weight, parameter.columnLimit);
    }
    if (halfLife === undefined) return;
    const share = tf.scalar(1 - averageDecay(scheduledAt(halfLife, updatesBefore), sampleCount));
    for (const { average, weight } of parameters) kernels.average(must(average, 'average'), weight, share);
  };
}

interface Moment {
  readonly updatesBefore: number;
  readonly epoch: number;
  /** The sums are divided by it. */
  readonly divisor: number;
}

type Optimizer = (moment: Moment) => (parameter: TrainedParameter, sum: Tensor) => void;

function createOptimizer(tf: Tf, kernels: Kernels, optimizer: OptimizerConfig): Optimizer {
  switch (optimizer.type) {
    case 'sgd':
      return sgd(tf, kernels, optimizer);
    case 'adam':
      return adam(tf, kernels, optimizer);
    case 'adamw':
      return adamw(tf, kernels, optimizer);
    case 'rmsprop':
      return rmsProp(tf, kernels, optimizer);
  }
}

function sgd(tf: Tf, kernels: Kernels, optimizer: SgdConfig): Optimizer {
  return ({ updatesBefore, epoch, divisor }) => {
    // lr·(Σ/n) = (lr/n)·Σ: plain descent is linear in the gradient, so the division costs no pass over it.
    const rate = tf.scalar(sgdLearningRate(optimizer, updatesBefore) / divisor);
    if (optimizer.momentum === undefined) return ({ weight }, sum) => kernels.descend(weight, sum, rate);
    const momentum = tf.scalar(momentumAt(optimizer.momentum, epoch));
    return ({ weight, slots }, sum) =>
      kernels.descendWithMomentum(weight, must(slots[0], 'velocity'), sum, rate, momentum);
  };
}

function adam(tf: Tf, kernels: Kernels, optimizer: AdamConfig): Optimizer {
  const beta2Product = productOf(optimizer.beta2);
  return ({ updatesBefore, divisor }) => {
    const { rate, epsilon } = adamStep(optimizer, updatesBefore, beta2Product);
    const scalars = {
      rate: tf.scalar(rate),
      epsilon: tf.scalar(epsilon),
      beta1: tf.scalar(optimizer.beta1),
      beta2: tf.scalar(scheduledAt(optimizer.beta2, updatesBefore)),
    };
    const count = tf.scalar(divisor);
    return ({ weight, slots }, sum) => {
      const mean = tf.div(sum, count);
      kernels.adam(weight, must(slots[0], 'adam_m'), must(slots[1], 'adam_v'), mean, scalars);
      mean.dispose();
    };
  };
}

/** θ ← θ − lr·λ·θ, then Adam's step (Loshchilov and Hutter 2019, algorithm 2, with their η inside lr, as PyTorch has it). */
function adamw(tf: Tf, kernels: Kernels, optimizer: AdamwConfig): Optimizer {
  const step = adam(tf, kernels, optimizer);
  return (moment) => {
    const update = step(moment);
    const left = tf.scalar(1 - scheduledAt(optimizer.learningRate, moment.updatesBefore) * optimizer.weightDecay);
    return (parameter, sum) => {
      const { weight } = parameter;
      weight.set(tf.tidy(() => tf.mul(weight.read(), left)));
      update(parameter, sum);
    };
  };
}

function rmsProp(tf: Tf, kernels: Kernels, optimizer: RmsPropConfig): Optimizer {
  return ({ updatesBefore, divisor }) => {
    const scalars = {
      rate: tf.scalar(scheduledAt(optimizer.learningRate, updatesBefore)),
      rho: tf.scalar(optimizer.rho),
      epsilon: tf.scalar(optimizer.epsilon),
    };
    const count = tf.scalar(divisor);
    return ({ weight, slots }, sum) => {
      const mean = tf.div(sum, count);
      kernels.rmsProp(weight, must(slots[0], 'mean_square'), mean, scalars);
      mean.dispose();
    };
  };
}
