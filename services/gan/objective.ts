/**
 * What D and G minimise, on D's outputs l (logits, where the loss is log: D(x) = sigmoid(l)), as sums over samples:
 *
 *   log            D: scale · Σ [ softplus(−l_real) + softplus(l_fake) ], which is −scale · V(D, G) of Goodfellow et al. 2014
 *                  G: Σ softplus(−l_fake)  (non-saturating)  or  −Σ softplus(l_fake)  (minimax)
 *   least-squares  D: scale · Σ [ ½(l_real − 1)² + ½ l_fake² ],  G: Σ ½(l_fake − 1)²   (Mao et al. 2017, a = 0, b = c = 1)
 *   hinge          D: scale · Σ [ max(0, 1 − l_real) + max(0, 1 + l_fake) ],  G: −Σ l_fake   (Lim and Ye 2017)
 *
 * The gradients are taken on the device; the statistics on the host, in float64, from D's outputs.
 */
import type { Tensor2D } from '@tensorflow/tfjs';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { invariant } from '../errors/invariant.ts';
import { STATISTIC_SLOTS, type StatisticSlot } from '../report/statistics.ts';
import type { Tf } from './kernels.ts';

type Objective = RunConfig['objective'];

/** Gradient of D's loss by its outputs [n, 1], real samples first. */
export function discriminatorLogitGradient(
  tf: Tf,
  logits: Tensor2D,
  realCount: number,
  objective: Objective,
): Tensor2D {
  const count = logits.shape[0];
  const column = (real: number, fake: number) =>
    tf.tensor2d(
      Float32Array.from({ length: count }, (_, row) => (row < realCount ? real : fake)),
      [count, 1],
    );
  const { loss, discriminatorScale: scale } = objective;
  const sign = column(-1, 1);
  switch (loss) {
    case 'log':
      // −sigmoid(−l) for a real sample, sigmoid(l) for a fake: written so, neither loses digits where D is sure.
      return tf.mul(tf.sigmoid(tf.mul(logits, sign)), tf.mul(sign, scale));
    case 'least-squares':
      return tf.mul(tf.sub(logits, column(1, 0)), scale);
    case 'hinge':
      return tf.mul(tf.step(tf.add(tf.mul(logits, sign), 1)), tf.mul(sign, scale));
  }
}

/** Gradient of G's loss by D's outputs for the fakes [n, 1]. */
export function generatorLogitGradient(tf: Tf, fakes: Tensor2D, { loss, generator }: Objective): Tensor2D {
  switch (loss) {
    case 'log':
      return tf.neg(tf.sigmoid(generator === 'minimax' ? fakes : tf.neg(fakes)));
    case 'least-squares':
      return tf.sub(fakes, 1);
    case 'hinge':
      return tf.neg(tf.onesLike(fakes));
  }
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
  const { loss, discriminatorScale } = objective;
  const { real, fake, generator, output } = LOSSES[loss];
  const value = -(total(reals, real) + total(fakes, fake));
  const sums: Record<StatisticSlot, number> = {
    discriminatorLoss: -discriminatorScale * value,
    generatorLoss: total(fakes, loss === 'log' && objective.generator === 'minimax' ? (l) => -softplus(l) : generator),
    value,
    dReal: total(reals, output),
    dFake: total(fakes, output),
  };
  const known = statisticsOf(updates);
  return Float32Array.from(STATISTIC_SLOTS, (slot) => (known.includes(slot) ? sums[slot] : 0));
}

interface Loss {
  /** D's, of one output. */
  real(l: number): number;
  fake(l: number): number;
  generator(l: number): number;
  /** What D says, as people read it. */
  output(l: number): number;
}

const LOSSES: Readonly<Record<Objective['loss'], Loss>> = {
  log: { real: (l) => softplus(-l), fake: softplus, generator: (l) => softplus(-l), output: sigmoid },
  'least-squares': {
    real: (l) => 0.5 * (l - 1) ** 2,
    fake: (l) => 0.5 * l ** 2,
    generator: (l) => 0.5 * (l - 1) ** 2,
    output: (l) => l,
  },
  hinge: {
    real: (l) => Math.max(0, 1 - l),
    fake: (l) => Math.max(0, 1 + l),
    generator: (l) => -l,
    output: (l) => l,
  },
};

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
