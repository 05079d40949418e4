/** Mixtures of isotropic Gaussians: the ring and the grid on which mode coverage is measured, and a person's own. */
import type { MixtureData } from '../config/dataSchema.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';

/** A sample is of a mode within so many standard deviations of its mean (Srivastava et al. 2017, VEEGAN). */
export const MODE_REACH = 3;

export function isMixture(data: RunConfig['data']): data is MixtureData {
  return data.dataset === 'ring' || data.dataset === 'grid' || data.dataset === 'mixture';
}

/** Component k has mean [k][dimension], one standard deviation in every dimension, and a share of the points. */
export interface GaussianMixture {
  readonly means: readonly (readonly number[])[];
  readonly deviations: readonly number[];
  /** Sum 1. */
  readonly weights: readonly number[];
}

export function gaussianMixture(data: MixtureData): GaussianMixture {
  switch (data.dataset) {
    case 'ring': {
      const { modes, radius, deviation } = data;
      const points = Array.from({ length: modes }, (_, k) => rootOfUnity(k, modes));
      return equalShares(
        points.map((point) => point.map((x) => radius * x)),
        deviation,
      );
    }
    case 'grid': {
      const { side, spacing, deviation } = data;
      const line = Array.from({ length: side }, (_, i) => spacing * (i - (side - 1) / 2));
      return equalShares(
        line.flatMap((x) => line.map((y) => [x, y])),
        deviation,
      );
    }
    case 'mixture': {
      const means = data.means.map((mean) => (typeof mean === 'number' ? [mean] : mean));
      const { deviations: given, weights = means.map(() => 1) } = data;
      const deviations = typeof given === 'number' ? means.map(() => given) : given;
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      return { means, deviations, weights: weights.map((weight) => weight / total) };
    }
  }
}

function equalShares(means: readonly (readonly number[])[], deviation: number): GaussianMixture {
  return { means, deviations: means.map(() => deviation), weights: means.map(() => 1 / means.length) };
}

/**
 * (cos 2πk/n, sin 2πk/n) by Taylor's series within an eighth of a turn of the nearest axis. Not Math.cos: V8 has changed
 * it between versions, and the points of a seed must not.
 */
function rootOfUnity(k: number, n: number): readonly [number, number] {
  const quarter = Math.round((4 * k) / n);
  const angle = ((4 * k - quarter * n) * Math.PI) / (2 * n);
  const cosine = series(angle, 0);
  const sine = series(angle, 1);
  const turned: readonly (readonly [number, number])[] = [
    [cosine, sine],
    [-sine, cosine],
    [-cosine, -sine],
    [sine, -cosine],
  ];
  const [x, y] = must(turned[quarter % 4], 'quarter');
  // Without the sign of −0.
  return [x + 0, y + 0];
}

/** Σ (−1)^i · x^(2i + odd) / (2i + odd)!; nine terms are exact to a float64 for |x| ≤ π/4. */
function series(x: number, odd: 0 | 1): number {
  let term = odd === 1 ? x : 1;
  let sum = term;
  for (let i = 1; i <= 9; i++) {
    const power = 2 * i + odd;
    term = (-term * x * x) / (power * (power - 1));
    sum += term;
  }
  return sum;
}
