/** The statistics tail of a summed gradient as means. Float32 sums divided in float64: the same on every worker. */

import type { RunConfig } from '../config/runConfig.ts';
import { statisticsOf } from '../gan/objective.ts';
import type { Applied } from '../gan/replica.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import { STATISTIC_SLOTS, type Statistics } from '../report/statistics.ts';

export function meansOf(
  { objective }: RunConfig,
  tail: Float32Array,
  plan: PhasePlan,
  norms: Applied['norms'],
): Statistics {
  const known = statisticsOf(objective, plan);
  const means = STATISTIC_SLOTS.flatMap((slot, index) =>
    known.includes(slot) ? [[slot, (tail[index] ?? 0) / plan.sampleCount] as const] : [],
  );
  return {
    ...Object.fromEntries(means),
    ...(norms.discriminator === undefined ? {} : { discriminatorGradientNorm: norms.discriminator }),
    ...(norms.generator === undefined ? {} : { generatorGradientNorm: norms.generator }),
  };
}
