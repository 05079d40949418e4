/**
 * What changes from update to update: learning rate, momentum, Adam's bias correction, the average's weight. Computed
 * in float64 and without Math.pow, whose last bits V8 has changed between versions.
 */
import type { OptimizerConfig } from '../config/runConfig.ts';
import type { ScheduledValue } from '../config/scheduledSchema.ts';
import { scheduledAt } from './scheduledValue.ts';

export type SgdConfig = Extract<OptimizerConfig, { type: 'sgd' }>;
export type AdamConfig = Extract<OptimizerConfig, { type: 'adam' | 'adamw' }>;

/** lr₀ / decayᵗ, but never below the floor; t is the number of updates before this one (pylearn2, ExponentialDecay). */
export function sgdLearningRate(optimizer: SgdConfig, updatesBefore: number): number {
  const { learningRate, decay, learningRateFloor } = optimizer;
  return Math.max(scheduledAt(learningRate, updatesBefore) / integerPower(decay, updatesBefore), learningRateFloor);
}

/**
 * Momentum of an epoch: linear from `initial` in the first epoch to `final` in epoch `saturateEpoch` (counted from 1),
 * then constant; as pylearn2's MomentumAdjustor with start = 1, the one the authors' configuration used.
 *
 * @param epoch 0-based.
 */
export function momentumAt(momentum: NonNullable<SgdConfig['momentum']>, epoch: number): number {
  const { initial, final, saturateEpoch } = momentum;
  const progress = saturateEpoch === 1 ? 1 : Math.min(epoch / (saturateEpoch - 1), 1);
  return initial * (1 - progress) + final * progress;
}

/**
 * Adam's update θ −= lr·m̂ / (√v̂ + ε) (Kingma and Ba 2015, algorithm 1) written with the raw averages: it equals
 * θ −= rate·m / (√v + epsilon) with these two numbers, exactly, since √v̂ = √v / √(1 − β₂ᵗ).
 */
export function adamStep(
  optimizer: AdamConfig,
  updatesBefore: number,
  beta2Product: (count: number) => number,
): { rate: number; epsilon: number } {
  const t = updatesBefore + 1;
  const correction1 = 1 - integerPower(optimizer.beta1, t);
  const correction2 = Math.sqrt(1 - beta2Product(t));
  const learningRate = scheduledAt(optimizer.learningRate, updatesBefore);
  return { rate: (learningRate * correction2) / correction1, epsilon: optimizer.epsilon * correction2 };
}

/**
 * The product of β over the first `count` updates, βᵗ where it stands still: what v lacks of an average's weight, since
 * vₜ = Σ (1 − βₛ) · β₍ₛ₊₁₎ … βₜ · gₛ², whose weights sum to 1 − β₁ … βₜ. A function of `count` alone; what it keeps saves time.
 */
export function productOf(beta: ScheduledValue): (count: number) => number {
  if (typeof beta === 'number') return (count) => integerPower(beta, count);
  let factors = 0;
  let product = 1;
  return (count) => {
    const moving = Math.min(count, beta.overUpdates);
    if (factors > moving) [factors, product] = [0, 1];
    // Below 2⁻⁵⁴ it no longer changes 1 − product.
    for (; factors < moving && product >= 2 ** -54; factors += 1) product *= scheduledAt(beta, factors);
    return product * integerPower(beta.to, count - moving);
  };
}

/** β of ema = β·ema + (1 − β)·w: a weight's share in the average halves every `halfLifeSamples` samples. */
export function averageDecay(halfLifeSamples: number, sampleCount: number): number {
  return Math.exp(-Math.LN2 * (sampleCount / halfLifeSamples));
}

/** base^exponent by squaring, for a non-negative safe integer: at most 2·53 products, rounded the same everywhere. */
function integerPower(base: number, exponent: number): number {
  let power = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power *= square;
    square *= square;
  }
  return power;
}
