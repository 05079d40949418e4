/** The statistics tail of a summed gradient as means. Float32 sums divided in float64: the same on every worker. */

import type { Applied } from '../gan/replica.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import { STATISTIC_SLOTS, type StatisticSlot, type Statistics } from '../report/statistics.ts';

/** Statistics that a phase without real samples does not have. */
const NEEDS_DATA: ReadonlySet<StatisticSlot> = new Set(['discriminatorLoss', 'value', 'dReal']);

export function meansOf(tail: Float32Array, plan: PhasePlan, norms: Applied['norms']): Statistics {
  const has = (slot: StatisticSlot) =>
    NEEDS_DATA.has(slot)
      ? plan.updates.includes('discriminator')
      : slot !== 'generatorLoss' || plan.updates.includes('generator');
  const means = STATISTIC_SLOTS.flatMap((slot, index) =>
    has(slot) ? [[slot, (tail[index] ?? 0) / plan.sampleCount] as const] : [],
  );
  return {
    ...Object.fromEntries(means),
    ...(norms.discriminator === undefined ? {} : { discriminatorGradientNorm: norms.discriminator }),
    ...(norms.generator === undefined ? {} : { generatorGradientNorm: norms.generator }),
  };
}
