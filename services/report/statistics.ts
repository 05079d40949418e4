/**
 * What a phase says about the game, as sums over samples that travel through the all-reduce behind the gradient, so
 * that they too have the same bits at any worker count.
 */

/** Slots of the statistics tail of the flat gradient, in order; each is a sum over samples. See `statisticSlots`. */
export const STATISTIC_SLOTS = ['discriminatorLoss', 'generatorLoss', 'value', 'dReal', 'dFake', 'penalty'] as const;
export type StatisticSlot = (typeof STATISTIC_SLOTS)[number];

/** Means over a phase's global minibatch; a value that the phase does not have is undefined. */
export interface Statistics {
  readonly discriminatorLoss?: number | undefined;
  readonly generatorLoss?: number | undefined;
  /** V(D,G) = E[log D(x)] + E[log(1 − D(G(z)))], equation 1 of Goodfellow et al. 2014. */
  readonly value?: number | undefined;
  readonly dReal?: number | undefined;
  readonly dFake?: number | undefined;
  /** Mean of what D pays for its steepness beside its loss, all terms together, before the factor of a lazy interval. */
  readonly penalty?: number | undefined;
  readonly discriminatorGradientNorm?: number | undefined;
  readonly generatorGradientNorm?: number | undefined;
  /** ‖average − weights‖ / ‖weights‖ of G's weights, where the config has a moving average. */
  readonly emaGap?: number | undefined;
}

/** How long the parts of a phase took on one worker. */
export interface Timings {
  readonly computeMs: number;
  readonly exchangeMs: number;
  readonly waitMs: number;
  readonly applyMs: number;
}
