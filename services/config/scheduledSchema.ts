/** A number that may change while a run goes on, as a run config names it; what it is when: `gan/scheduledValue.ts`. */
import { z } from 'zod';

/** After a restart Adam's bias correction multiplies what β₂ was in each of them, once: some 0.2 s for so many. */
const OVER_UPDATES_MAX = 10_000_000;

const updates = z.number().int().positive().max(OVER_UPDATES_MAX);

/** A number that does not change, or how it changes. */
export type ScheduledValue = number | Schedule;

export interface Schedule {
  readonly type: 'cosine' | 'exponential';
  readonly from: number;
  readonly to: number;
  readonly overUpdates: number;
  readonly warmUpUpdates?: number | undefined;
}

/** @param constant what is allowed where it does not change. @param end the same at the ends of a schedule. */
export function scheduled(constant: z.ZodNumber, end = constant) {
  return z.union([constant, z.strictObject(scheduleOf(end))]);
}

/** The same with an optional warm-up: what learning rates take. */
export function scheduledAndWarmed(constant: z.ZodNumber, end = constant) {
  const warmUpUpdates = updates
    .optional()
    .describe('So many updates come before, in which the value rises in equal steps to `from`. Default: none.');
  return z.union([constant, z.strictObject({ ...scheduleOf(end), warmUpUpdates })]);
}

function scheduleOf(end: z.ZodNumber) {
  return {
    type: z
      .enum(['cosine', 'exponential'])
      .describe('cosine: half a wave, slow at both ends; exponential: by the same factor at each update.'),
    from: end.describe('The value at the first update.'),
    to: end.describe('The value after `overUpdates` updates, and from then on.'),
    overUpdates: updates.describe(
      'Counted in updates of the network that the value is for: of G for its average, of D for a penalty.',
    ),
  };
}
