/**
 * The game of Goodfellow et al. 2014, section 3, on logits l (D(x) = sigmoid(l)), as sums over samples:
 *
 *   D minimises scale · Σ [ −log D(x) − log(1 − D(G(z))) ] = scale · Σ [ softplus(−l_real) + softplus(l_fake) ]
 *   G minimises Σ softplus(−l_fake)  (non-saturating)  or  Σ log(1 − D(G(z))) = −Σ softplus(l_fake)  (minimax)
 *
 * The gradients are taken on the device; the statistics on the host, in float64, from the logits.
 */
import type { Tensor2D } from '@tensorflow/tfjs';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { invariant } from '../errors/invariant.ts';
import { STATISTIC_SLOTS, type StatisticSlot } from '../report/statistics.ts';
import type { Tf } from './kernels.ts';

type Objective = RunConfig['objective'];

/**
 * Gradient of D's loss by its logits [n, 1], real samples first. It is −sigmoid(−l) for a real sample and sigmoid(l)
 * for a fake: written so, neither loses digits where D is sure.
 */
export function discriminatorLogitGradient(tf: Tf, logits: Tensor2D, realCount: number, scale: number): Tensor2D {
  const count = logits.shape[0];
  const sign = tf.tensor2d(
    Float32Array.from({ length: count }, (_, row) => (row < realCount ? -1 : 1)),
    [count, 1],
  );
  return tf.mul(tf.sigmoid(tf.mul(logits, sign)), tf.mul(sign, scale));
}

/** Gradient of G's loss by D's logits of the fakes [n, 1]. */
export function generatorLogitGradient(tf: Tf, fakeLogits: Tensor2D, objective: Objective['generator']): Tensor2D {
  return tf.neg(tf.sigmoid(objective === 'minimax' ? fakeLogits : tf.neg(fakeLogits)));
}

/** Which statistics a phase has; the other slots of its tail are 0 and mean nothing. */
export function statisticsOf(updates: readonly NetworkName[]): readonly StatisticSlot[] {
  if (!updates.includes('discriminator')) return ['generatorLoss', 'dFake'];
  return STATISTIC_SLOTS.filter((slot) => slot !== 'generatorLoss' || updates.includes('generator'));
}

/**
 * The five sums over the samples whose logits these are, in the order of `STATISTIC_SLOTS`.
 * @param logits the real samples' logits (`realCount` of them), then the fakes'.
 */
export function statisticSums(
  objective: Objective,
  updates: readonly NetworkName[],
  logits: Float32Array,
  realCount: number,
): Float32Array {
  const fakes = logits.subarray(realCount);
  const reals = logits.subarray(0, realCount);
  invariant(realCount === 0 || reals.length === fakes.length, `${reals.length} reals and ${fakes.length} fakes`);
  const logReal = -total(reals, (logit) => softplus(-logit));
  const logFake = -total(fakes, softplus);
  const sums: Record<StatisticSlot, number> = {
    discriminatorLoss: -objective.discriminatorScale * (logReal + logFake),
    generatorLoss: objective.generator === 'minimax' ? logFake : total(fakes, (logit) => softplus(-logit)),
    value: logReal + logFake,
    dReal: total(reals, sigmoid),
    dFake: total(fakes, sigmoid),
  };
  const known = statisticsOf(updates);
  return Float32Array.from(STATISTIC_SLOTS, (slot) => (known.includes(slot) ? sums[slot] : 0));
}

/** log(1 + eˣ) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

function total(logits: Float32Array, value: (logit: number) => number): number {
  return logits.reduce((sum, logit) => sum + value(logit), 0);
}
