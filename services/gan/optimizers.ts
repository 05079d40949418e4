/**
 * One update of one network by the mean gradient. The gradients come as sums over the global minibatch, and are divided by
 * its sample count here, on the device, in one place for every replica and every way to get here.
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { NetworkName, OptimizerConfig, RunConfig } from '../config/runConfig.ts';
import { invariant, must } from '../errors/invariant.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import type { Kernels, Tf, Variable } from './kernels.ts';
import { adamStep, averageDecay, momentumAt, sgdLearningRate } from './schedules.ts';

/** A parameter with what the optimizer keeps of it. */
export interface TrainedParameter {
  readonly weight: Variable;
  /** In the order of `optimizerSlots`. */
  readonly slots: readonly Variable[];
  readonly average: Variable | undefined;
}

/** @param sums the gradients summed over the phase's samples, one a parameter. Call it inside a tidy. */
export function updateNetwork(
  tf: Tf,
  kernels: Kernels,
  config: RunConfig,
  plan: PhasePlan,
  network: NetworkName,
  parameters: readonly TrainedParameter[],
  sums: readonly Tensor[],
): void {
  invariant(parameters.length === sums.length, `${sums.length} gradients for ${parameters.length} parameters`);
  const update = createUpdate(tf, kernels, config.optimizer[network], plan, network);
  for (const [index, parameter] of parameters.entries()) update(parameter, must(sums[index], 'gradient'));
  if (network === 'generator' && config.ema !== undefined) {
    const share = tf.scalar(1 - averageDecay(config.ema.halfLifeSamples, plan.sampleCount));
    for (const { average, weight } of parameters) kernels.average(must(average, 'average'), weight, share);
  }
}

type Update = (parameter: TrainedParameter, sum: Tensor) => void;

function createUpdate(
  tf: Tf,
  kernels: Kernels,
  optimizer: OptimizerConfig,
  plan: PhasePlan,
  network: NetworkName,
): Update {
  const updatesBefore = plan.updatesBefore[network];
  if (optimizer.type === 'adam') {
    const { rate, epsilon } = adamStep(optimizer, updatesBefore);
    const scalars = {
      rate: tf.scalar(rate),
      epsilon: tf.scalar(epsilon),
      beta1: tf.scalar(optimizer.beta1),
      beta2: tf.scalar(optimizer.beta2),
    };
    const count = tf.scalar(plan.sampleCount);
    return ({ weight, slots }, sum) => {
      const mean = tf.div(sum, count);
      kernels.adam(weight, must(slots[0], 'adam_m'), must(slots[1], 'adam_v'), mean, scalars);
      mean.dispose();
    };
  }
  // lr·(Σ/n) = (lr/n)·Σ: plain descent is linear in the gradient, so the division costs no pass over it.
  const rate = tf.scalar(sgdLearningRate(optimizer, updatesBefore) / plan.sampleCount);
  if (optimizer.momentum === undefined) return ({ weight }, sum) => kernels.descend(weight, sum, rate);
  const momentum = tf.scalar(momentumAt(optimizer.momentum, plan.epoch));
  return ({ weight, slots }, sum) =>
    kernels.descendWithMomentum(weight, must(slots[0], 'velocity'), sum, rate, momentum);
}
