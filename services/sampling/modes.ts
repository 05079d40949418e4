/** Where the data's modes are, of data that are a mixture. */
import type { RunConfig } from '../config/runConfig.ts';
import { gaussianMixture } from '../data/gaussianMixture.ts';
import type { PointsPicture } from '../picture/points.ts';

/** A sample is of a mode within so many standard deviations of its mean (Srivastava et al. 2017, VEEGAN). */
const REACH = 3;

/** Undefined for data that are no mixture. */
export function modesOf({ data }: Pick<RunConfig, 'data'>): PointsPicture['modes'] {
  if (data.dataset !== 'ring' && data.dataset !== 'grid' && data.dataset !== 'mixture') return undefined;
  const { means, deviations } = gaussianMixture(data);
  return means.map((mean, k) => ({ mean, radius: REACH * (deviations[k] ?? 0) }));
}
