/**
 * What a phase says about the game, as sums over samples that travel through the all-reduce behind the gradient, so
 * that they too have the same bits at any worker count.
 */
import { z } from 'zod';

/** Slots of the statistics tail of the flat gradient, in order; each is a sum over samples. See `statisticSlots`. */
export const STATISTIC_SLOTS = ['discriminatorLoss', 'generatorLoss', 'value', 'dReal', 'dFake', 'penalty'] as const;
export type StatisticSlot = (typeof STATISTIC_SLOTS)[number];

/** Means over a phase's global minibatch; a value that the phase does not have is undefined. */
export const statisticsSchema = z.strictObject({
  discriminatorLoss: z.number().optional().describe('Mean loss that D minimises.'),
  generatorLoss: z.number().optional().describe('Mean loss that G minimises.'),
  /** Equation 1 of Goodfellow et al. 2014. */
  value: z.number().optional().describe('V(D,G) = E[log D(x)] + E[log(1 − D(G(z)))].'),
  dReal: z.number().optional().describe('Mean of D(x).'),
  dFake: z.number().optional().describe('Mean of D(G(z)).'),
  /** Of what D pays for its steepness beside its loss, all terms together, before the factor of a lazy interval. */
  penalty: z.number().optional().describe("Mean of D's penalty, which its loss is without."),
  discriminatorGradientNorm: z.number().optional().describe("Euclidean norm of D's mean gradient."),
  generatorGradientNorm: z.number().optional().describe("Euclidean norm of G's mean gradient."),
  emaGap: z.number().optional().describe("‖average − weights‖ / ‖weights‖ of G's weights."),
});
export type Statistics = Readonly<z.output<typeof statisticsSchema>>;

/** How long the parts of a phase took on one worker. */
export const timingsSchema = z.strictObject({
  computeMs: z.number(),
  exchangeMs: z.number(),
  waitMs: z.number(),
  applyMs: z.number(),
});
export type Timings = Readonly<z.output<typeof timingsSchema>>;
