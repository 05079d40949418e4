/**
 * What D and G minimise, on D's outputs l (logits, where the loss is log: D(x) = sigmoid(l)), as sums over samples:
 *
 *   log            D: scale · Σ [ softplus(−l_real) + softplus(l_fake) ], which is −scale · V(D, G) of Goodfellow et al. 2014
 *                  G: Σ softplus(−l_fake)  (non-saturating)  or  −Σ softplus(l_fake)  (minimax)
 *   least-squares  D: scale · Σ [ ½(l_real − 1)² + ½ l_fake² ],  G: Σ ½(l_fake − 1)²   (Mao et al. 2017, a = 0, b = c = 1)
 *   hinge          D: scale · Σ [ max(0, 1 − l_real) + max(0, 1 + l_fake) ],  G: −Σ l_fake   (Lim and Ye 2017)
 *   wasserstein    D: scale · Σ [ l_fake − l_real ],  G: −Σ l_fake   (Arjovsky et al. 2017)
 *   relativistic   D: scale · Σ softplus(l_fake − l_real),  G: Σ softplus(l_real − l_fake), each real with the fake of its
 *                  index (Jolicoeur-Martineau 2019, section 4.1; Huang et al. 2024, "The GAN is dead; long live the GAN!", section 2)
 *
 * With label smoothing s the target of a real sample is 1 − s, for D alone (Salimans et al. 2016, section 3.4): log's is
 * then (1 − s)·softplus(−l_real) + s·softplus(l_real), least squares' ½(l_real − 1 + s)².
 *
 * The statistics are taken here, on the host, in float64; the gradients in `logitGradients.ts`, on the device.
 */
import type { RunConfig } from '../config/runConfig.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import { STATISTIC_SLOTS, type StatisticSlot } from '../report/statistics.ts';
import { penaltyTerms } from './penaltyTerms.ts';

type Objective = RunConfig['objective'];

type Played = Pick<PhasePlan, 'updates' | 'minibatch' | 'updatesBefore'>;

/** The slots of a run's tail: without a penalty it has none for it, since what is summed decides the bits of bf16. */
export function statisticSlots({ penalty }: Objective): readonly StatisticSlot[] {
  return penalty === undefined ? STATISTIC_SLOTS.slice(0, -1) : STATISTIC_SLOTS;
}

/** Which statistics a phase has; the other slots of its tail are 0 and mean nothing. */
export function statisticsOf(objective: Objective, plan: Played): readonly StatisticSlot[] {
  const has: Record<StatisticSlot, boolean> = {
    discriminatorLoss: plan.updates.includes('discriminator'),
    generatorLoss: plan.updates.includes('generator'),
    value: plan.minibatch !== undefined,
    dReal: plan.minibatch !== undefined,
    dFake: true,
    penalty: penaltyTerms(objective, plan).length > 0,
  };
  return STATISTIC_SLOTS.filter((slot) => has[slot]);
}

/**
 * The sums over the samples whose logits these are, in the order of `statisticSlots`.
 * @param logits the real samples' logits where the phase reads them, then as many of the fakes. @param penalty its sum.
 */
export function statisticSums(objective: Objective, plan: Played, logits: Float32Array, penalty: number): Float32Array {
  const realCount = plan.minibatch === undefined ? 0 : logits.length / 2;
  const [reals, fakes] = [logits.subarray(0, realCount), logits.subarray(realCount)];
  const { loss, discriminatorScale, labelSmoothing: s } = objective;
  const { real, fake, smoothed, generator, output } = LOSSES[loss];
  /** Each fake with the real of its index. */
  const pairs = Float64Array.from(fakes, (logit, index) => logit - (reals[index] ?? 0));
  const paired = (of: (l: number) => number) => total(loss === 'relativistic' ? pairs : fakes, of);
  const fakeLoss = paired(fake);
  const known = statisticsOf(objective, plan);
  const sums: Record<StatisticSlot, number> = {
    discriminatorLoss: discriminatorScale * (total(reals, s === 0 ? real : (l) => smoothed(l, s)) + fakeLoss),
    generatorLoss: paired(loss === 'log' && objective.generator === 'minimax' ? (l) => -softplus(l) : generator),
    value: -(total(reals, real) + fakeLoss),
    dReal: total(reals, output),
    dFake: total(fakes, output),
    penalty,
  };
  return Float32Array.from(statisticSlots(objective), (slot) => (known.includes(slot) ? sums[slot] : 0));
}

interface Loss {
  /** D's, of one output. */
  real(l: number): number;
  fake(l: number): number;
  /** D's of a real sample whose target is 1 − s. */
  smoothed(l: number, s: number): number;
  generator(l: number): number;
  /** What D says, as people read it. */
  output(l: number): number;
}

const same = (l: number) => l;

const LOSSES: Readonly<Record<Objective['loss'], Loss>> = {
  log: {
    real: (l) => softplus(-l),
    fake: softplus,
    smoothed: (l, s) => (1 - s) * softplus(-l) + s * softplus(l),
    generator: (l) => softplus(-l),
    output: sigmoid,
  },
  'least-squares': {
    real: (l) => 0.5 * (l - 1) ** 2,
    fake: (l) => 0.5 * l ** 2,
    smoothed: (l, s) => 0.5 * (l - 1 + s) ** 2,
    generator: (l) => 0.5 * (l - 1) ** 2,
    output: same,
  },
  hinge: unsmoothed({
    real: (l) => Math.max(0, 1 - l),
    fake: (l) => Math.max(0, 1 + l),
    generator: (l) => -l,
  }),
  wasserstein: unsmoothed({ real: (l) => -l, fake: same, generator: (l) => -l }),
  // Of l_fake − l_real; nothing of the reals by themselves.
  relativistic: unsmoothed({ real: () => 0, fake: softplus, generator: (l) => softplus(-l) }),
};

/** The config allows no label smoothing with these. */
function unsmoothed(loss: Pick<Loss, 'real' | 'fake' | 'generator'>): Loss {
  return { ...loss, smoothed: loss.real, output: same };
}

/** log(1 + eˣ) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

function total(logits: Iterable<number>, value: (logit: number) => number): number {
  let sum = 0;
  for (const logit of logits) sum += value(logit);
  return sum;
}
