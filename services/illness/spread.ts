/**
 * How G's pictures spread over the data, by Euclidean distances of pixels between equally many pictures and real samples:
 *
 *   diversity  mean distance of two pictures / mean distance of two real samples
 *   coverage   share of real samples that have a picture nearer than their k-th nearest real sample, k = 5
 *              (Naeem et al. 2020, equation 4)
 *
 * Pixels know little of what a picture shows, which does for telling that all pictures are one. The cost is bounded, since it is
 * paid on the coordinator's thread: 2 · count² · values multiplications, 25 million at most, which take about 25 ms.
 */
import { must } from '../errors/invariant.ts';

const NEIGHBOUR = 5;
/** The k-th neighbour of fewer says nothing. */
export const COUNT_MIN = 16;
const COUNT_MAX = 128;
const MULTIPLICATIONS_MAX = 25e6;

export interface Spread {
  readonly diversity: number;
  readonly coverage: number;
  /** Pictures compared with as many real samples. */
  readonly count: number;
}

/** How many of `available` pictures of so many values are compared; fewer than COUNT_MIN: none. */
export function comparedCount(available: number, values: number): number {
  const affordable = Math.floor(Math.sqrt(MULTIPLICATIONS_MAX / (2 * values)));
  return Math.min(available, COUNT_MAX, affordable);
}

/** What is known of the real samples alone: computed once a run. */
export interface RealSpread {
  /** [count, values] */
  readonly samples: Float32Array;
  readonly count: number;
  readonly values: number;
  readonly meanDistance: number;
  /** By sample: the squared distance to its k-th nearest. */
  readonly radii: readonly number[];
}

/** @param samples [count, values], at least COUNT_MIN of them. */
export function realSpread(samples: Float32Array, values: number): RealSpread {
  const count = samples.length / values;
  const squares = Array.from({ length: count }, (_, i) =>
    Array.from({ length: count }, (_, j) => (i === j ? 0 : squaredDistance(samples, i, samples, j, values))),
  );
  const radii = squares.map((row) => must(row.toSorted((a, b) => a - b)[NEIGHBOUR], 'neighbour'));
  return { samples, count, values, meanDistance: meanOfPairs(squares), radii };
}

/** @param pictures [n, values] with n at least as many as the real samples; further ones are left out. */
export function spreadOf(pictures: Float32Array, real: RealSpread): Spread {
  const { samples, count, values, meanDistance, radii } = real;
  let covered = 0;
  for (const [i, radius] of radii.entries()) {
    for (let j = 0; j < count; j++) {
      if (squaredDistance(samples, i, pictures, j, values) >= radius) continue;
      covered += 1;
      break;
    }
  }
  const squares = Array.from({ length: count }, (_, i) =>
    Array.from({ length: i }, (_, j) => squaredDistance(pictures, i, pictures, j, values)),
  );
  // Real samples that are all one say nothing about pictures.
  const diversity = meanDistance === 0 ? 1 : meanOfPairs(squares) / meanDistance;
  return { diversity, coverage: covered / count, count };
}

/** Over the pairs i > j. */
function meanOfPairs(squares: readonly (readonly number[])[]): number {
  const { length } = squares;
  const sum = squares.reduce((all, row, i) => all + row.slice(0, i).reduce((own, s) => own + Math.sqrt(s), 0), 0);
  return sum / ((length * (length - 1)) / 2);
}

function squaredDistance(a: Float32Array, i: number, b: Float32Array, j: number, values: number): number {
  let sum = 0;
  for (let k = 0; k < values; k++) {
    const difference = (a[i * values + k] ?? 0) - (b[j * values + k] ?? 0);
    sum += difference * difference;
  }
  return sum;
}
