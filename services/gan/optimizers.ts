/**
 * One update of one network by the mean gradient. The gradients come as sums over the global minibatch, and are divided by
 * its sample count here, on the device, in one place for every replica and every way to get here. What changes from update to
 * update is a number with a name, so that an update is a function of tensors and variables alone, and can be compiled.
 */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
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

type Numbers = Readonly<Record<string, number>>;
type Scalars = Readonly<Record<string, Scalar>>;

export interface NetworkUpdate {
  /** @param norm of the mean gradient; must be there where the optimizer clips. */
  numbers(plan: PhasePlan, norm: number | undefined): Numbers;
  /**
   * Call it inside a tidy.
   *
   * @param sums the gradients summed over the phase's samples, one a parameter.
   * @param scalars the numbers of this update.
   */
  apply(parameters: readonly TrainedParameter[], sums: readonly Tensor[], scalars: Scalars): void;
}

export function createNetworkUpdate(tf: Tf, kernels: Kernels, config: RunConfig, network: NetworkName): NetworkUpdate {
  const { numbers, step } = createOptimizer(tf, kernels, config.optimizer[network]);
  const halfLife = network === 'generator' ? config.ema?.halfLifeSamples : undefined;
  const { clipNorm } = config.optimizer[network];
  return {
    numbers: ({ epoch, sampleCount, updatesBefore: updates }, norm) => {
      const updatesBefore = updates[network];
      // g·min(1, c/‖g‖) with g = Σ/n is one division, and no pass more.
      const excess = clipNorm === undefined ? 1 : Math.max(1, must(norm, 'norm') / clipNorm);
      const own = numbers({ updatesBefore, epoch, divisor: sampleCount * excess });
      if (halfLife === undefined) return own;
      return { ...own, averageShare: 1 - averageDecay(scheduledAt(halfLife, updatesBefore), sampleCount) };
    },
    apply: (parameters, sums, scalars) => {
      invariant(parameters.length === sums.length, `${sums.length} gradients for ${parameters.length} parameters`);
      for (const [index, parameter] of parameters.entries()) {
        step(parameter, must(sums[index], 'gradient'), scalars);
        if (parameter.columnLimit !== undefined) limitColumns(tf, parameter.weight, parameter.columnLimit);
      }
      if (halfLife === undefined) return;
      const share = scalar(scalars, 'averageShare');
      for (const { average, weight } of parameters) kernels.average(must(average, 'average'), weight, share);
    },
  };
}

interface Moment {
  readonly updatesBefore: number;
  readonly epoch: number;
  /** The sums are divided by it. */
  readonly divisor: number;
}

interface Optimizer {
  numbers(moment: Moment): Numbers;
  step(parameter: TrainedParameter, sum: Tensor, scalars: Scalars): void;
}

function createOptimizer(tf: Tf, kernels: Kernels, optimizer: OptimizerConfig): Optimizer {
  switch (optimizer.type) {
    case 'sgd':
      return sgd(kernels, optimizer);
    case 'adam':
      return adam(tf, kernels, optimizer);
    case 'adamw':
      return adamw(tf, kernels, optimizer);
    case 'rmsprop':
      return rmsProp(tf, kernels, optimizer);
  }
}

function scalar(scalars: Scalars, name: string): Scalar {
  return must(scalars[name], name);
}

function sgd(kernels: Kernels, optimizer: SgdConfig): Optimizer {
  const { momentum } = optimizer;
  return {
    // lr·(Σ/n) = (lr/n)·Σ: plain descent is linear in the gradient, so the division costs no pass over it.
    numbers: ({ updatesBefore, epoch, divisor }) => ({
      rate: sgdLearningRate(optimizer, updatesBefore) / divisor,
      ...(momentum && { momentum: momentumAt(momentum, epoch) }),
    }),
    step: ({ weight, slots }, sum, scalars) => {
      const rate = scalar(scalars, 'rate');
      if (momentum === undefined) return kernels.descend(weight, sum, rate);
      kernels.descendWithMomentum(weight, must(slots[0], 'velocity'), sum, rate, scalar(scalars, 'momentum'));
    },
  };
}

function adam(tf: Tf, kernels: Kernels, optimizer: AdamConfig): Optimizer {
  const beta2Product = productOf(optimizer.beta2);
  return {
    numbers: ({ updatesBefore, divisor }) => ({
      ...adamStep(optimizer, updatesBefore, beta2Product),
      beta1: optimizer.beta1,
      beta2: scheduledAt(optimizer.beta2, updatesBefore),
      divisor,
    }),
    step: ({ weight, slots }, sum, scalars) => {
      const mean = tf.div(sum, scalar(scalars, 'divisor'));
      kernels.adam(weight, must(slots[0], 'adam_m'), must(slots[1], 'adam_v'), mean, {
        rate: scalar(scalars, 'rate'),
        epsilon: scalar(scalars, 'epsilon'),
        beta1: scalar(scalars, 'beta1'),
        beta2: scalar(scalars, 'beta2'),
      });
      mean.dispose();
    },
  };
}

/** θ ← θ − lr·λ·θ, then Adam's step (Loshchilov and Hutter 2019, algorithm 2, with their η inside lr, as PyTorch has it). */
function adamw(tf: Tf, kernels: Kernels, optimizer: AdamwConfig): Optimizer {
  const { numbers, step } = adam(tf, kernels, optimizer);
  return {
    numbers: (moment) => {
      const left = 1 - scheduledAt(optimizer.learningRate, moment.updatesBefore) * optimizer.weightDecay;
      return { ...numbers(moment), left };
    },
    step: (parameter, sum, scalars) => {
      const { weight } = parameter;
      weight.set(tf.tidy(() => tf.mul(weight.read(), scalar(scalars, 'left'))));
      step(parameter, sum, scalars);
    },
  };
}

function rmsProp(tf: Tf, kernels: Kernels, optimizer: RmsPropConfig): Optimizer {
  return {
    numbers: ({ updatesBefore, divisor }) => ({
      rate: scheduledAt(optimizer.learningRate, updatesBefore),
      rho: optimizer.rho,
      epsilon: optimizer.epsilon,
      divisor,
    }),
    step: ({ weight, slots }, sum, scalars) => {
      const mean = tf.div(sum, scalar(scalars, 'divisor'));
      kernels.rmsProp(weight, must(slots[0], 'mean_square'), mean, {
        rate: scalar(scalars, 'rate'),
        rho: scalar(scalars, 'rho'),
        epsilon: scalar(scalars, 'epsilon'),
      });
      mean.dispose();
    },
  };
}
