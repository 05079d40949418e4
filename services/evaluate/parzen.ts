/**
 * Log-likelihood of test data under a Gaussian Parzen window on samples of G, as Goodfellow et al. 2014 (section 5) and their
 * parzen_ll.py compute it: σ out of ten between .1 and 1 by the mean log-likelihood of validation data, then
 *
 *   log p(x) = logmeanexp_μ(−½‖(x − μ)/σ‖²) − D·log(σ√2π),   averaged over the test data, ± its standard deviation / √N.
 */
import { GanglionError } from '../errors/ganglionError.ts';
import { invariant, must } from '../errors/invariant.ts';
import type { Tf } from '../gan/kernels.ts';
import { distancesBetween } from './distances.ts';
import type { Matrix } from './matrix.ts';

/** logspace(−1, 0, 10). */
export const SIGMA_GRID: readonly number[] = Array.from({ length: 10 }, (_, i) => 10 ** (i / 9 - 1));

export const PARZEN_CAVEAT =
  'A Parzen window says little in many dimensions: k-means centroids score above the training images themselves ' +
  '(Theis, van den Oord and Bethge 2016, "A note on the evaluation of generative models").';

/** e^−40 of the largest term is below float64's last bit, also 10,000 times over. */
const NATS_SEEN = 40;

export interface ParzenResult {
  /** Mean over the test data, in nats. */
  readonly logLikelihood: number;
  /** Population standard deviation over the test data / √N. */
  readonly standardError: number;
  readonly sigma: number;
  /** The best σ is the grid's first or last: a better one may lie outside of it. */
  readonly atEdge: boolean;
}

/** @param sigma one of SIGMA_GRID instead of the one that validation data choose; any other is refused. */
export function parzenLogLikelihood(
  tf: Tf,
  samples: Matrix,
  data: { readonly validation: Matrix; readonly test: Matrix },
  sigma?: number,
): ParzenResult {
  const chosen = sigma === undefined ? bestSigma(tf, samples, data.validation) : onGrid(sigma);
  const likelihoods = must(logLikelihoods(tf, samples, data.test, [chosen])[0], 'likelihoods');
  const mean = meanOf(likelihoods);
  const variance = likelihoods.reduce((sum, value) => sum + (value - mean) ** 2, 0) / likelihoods.length;
  return {
    logLikelihood: mean,
    standardError: Math.sqrt(variance / likelihoods.length),
    sigma: chosen,
    atEdge: chosen === SIGMA_GRID[0] || chosen === SIGMA_GRID.at(-1),
  };
}

function onGrid(sigma: number): number {
  const nearest = SIGMA_GRID.find((allowed) => Math.abs(allowed - sigma) < 5e-4 * allowed + 5e-4);
  if (nearest !== undefined) return nearest;
  throw new GanglionError({
    code: 'invalid-argument',
    message:
      `Parzen: σ = ${sigma} is not on the authors' grid (${SIGMA_GRID.map((value) => value.toFixed(3)).join(', ')}); ` +
      'a likelihood at another one compares with nobody’s (at .01 it is below −250,000).',
    remedy: 'Leave σ out, so that the validation data choose it, or take one of the grid.',
  });
}

/** Ties go to the smaller one, as NumPy's argmax does. */
function bestSigma(tf: Tf, samples: Matrix, validation: Matrix): number {
  const means = logLikelihoods(tf, samples, validation, SIGMA_GRID).map(meanOf);
  return must(SIGMA_GRID[means.indexOf(Math.max(...means))], 'the best σ');
}

/** For each σ, log p of each row of `points`. */
function logLikelihoods(tf: Tf, samples: Matrix, points: Matrix, sigmas: readonly number[]): Float64Array[] {
  invariant(samples.columns === points.columns, 'samples and data have the same size');
  const found = sigmas.map(() => new Float64Array(points.rows));
  for (const { first, count, squared } of distancesBetween(tf, points, samples).blocks()) {
    for (let row = 0; row < count; row += 1) {
      const distances = squared.subarray(row * samples.rows, (row + 1) * samples.rows);
      for (const [index, sigma] of sigmas.entries()) {
        must(found[index], 'σ')[first + row] =
          logMeanKernel(distances, sigma) - samples.columns * Math.log(sigma * Math.sqrt(2 * Math.PI));
      }
    }
  }
  return found;
}

/** logmeanexp(−d² / 2σ²). */
function logMeanKernel(squared: Float64Array, sigma: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < squared.length; i += 1) if ((squared[i] as number) < nearest) nearest = squared[i] as number;
  const scale = 1 / (2 * sigma * sigma);
  const farthest = nearest + NATS_SEEN / scale;
  let sum = 0;
  for (let i = 0; i < squared.length; i += 1) {
    const distance = squared[i] as number;
    if (distance < farthest) sum += Math.exp((nearest - distance) * scale);
  }
  return Math.log(sum / squared.length) - nearest * scale;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
