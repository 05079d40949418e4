/** Where the data's modes are, of data that are a mixture. */
import type { RunConfig } from '../config/runConfig.ts';
import { gaussianMixture, isMixture, MODE_REACH } from '../data/gaussianMixture.ts';
import type { PointsPicture } from '../picture/points.ts';

/** Undefined for data that are no mixture. */
export function modesOf({ data }: Pick<RunConfig, 'data'>): PointsPicture['modes'] {
  if (!isMixture(data)) return undefined;
  const { means, deviations } = gaussianMixture(data);
  return means.map((mean, k) => ({ mean, radius: MODE_REACH * (deviations[k] ?? 0) }));
}
