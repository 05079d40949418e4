/**
 * Squared maximum mean discrepancy, the unbiased U-statistic of Gretton et al. 2012 (lemma 6, equation 4):
 *
 *   1/(n(n−1)) Σ_{i≠j} h(i, j),   h = k(xᵢ, xⱼ) + k(yᵢ, yⱼ) − k(xᵢ, yⱼ) − k(xⱼ, yᵢ),
 *
 * k the mean of five Gaussians whose bandwidths are ¼, ½, 1, 2 and 4 times the median distance between real samples. The
 * standard error is the jackknife's over the pairs (xᵢ, yᵢ): Efron and Stein 1981 show it to be too large rather than too
 * small, up to √2 times where both sets have one distribution.
 */
import { invariant } from '../errors/invariant.ts';
import type { Tf } from '../gan/kernels.ts';
import { distancesBetween } from './distances.ts';
import { type Matrix, rowsOf } from './matrix.ts';

/** Real samples whose distances give the median. */
const MEDIAN_ROWS = 1000;
/** The widest Gaussian, in medians. The others are its 4th, 16th, 64th and 256th power: half the width each. */
const WIDEST = 4;

export interface MmdResult {
  readonly mmd2: number;
  readonly standardError: number;
  /** The median distance. */
  readonly bandwidth: number;
}

/** Of as many rows as the smaller set has. */
export function maximumMeanDiscrepancy(tf: Tf, real: Matrix, fake: Matrix): MmdResult {
  const count = Math.min(real.rows, fake.rows);
  invariant(count >= 3, 'three samples or more');
  const [x, y] = [rowsOf(real, 0, count), rowsOf(fake, 0, count)];
  const bandwidth = medianDistance(tf, rowsOf(x, 0, Math.min(count, MEDIAN_ROWS)));
  const sums = new Float64Array(count);
  const add = (a: Matrix, b: Matrix, use: (i: number, j: number, kernel: number) => void) => {
    const scale = 1 / (2 * (WIDEST * bandwidth) ** 2);
    for (const { first, count: rows, squared } of distancesBetween(tf, a, b).blocks()) {
      for (let row = 0, at = 0; row < rows; row += 1) {
        for (let column = 0; column < count; column += 1, at += 1) {
          if (first + row !== column) use(first + row, column, kernelOf((squared[at] as number) * scale));
        }
      }
    }
  };
  const inside = (i: number, _j: number, kernel: number) => {
    sums[i] = (sums[i] as number) + kernel;
  };
  add(x, x, inside);
  add(y, y, inside);
  add(x, y, (i, j, kernel) => {
    sums[i] = (sums[i] as number) - kernel;
    sums[j] = (sums[j] as number) - kernel;
  });
  return { ...jackknife(sums), bandwidth };
}

/** @param sums Σⱼ h(i, j) for each i. */
function jackknife(sums: Float64Array): { mmd2: number; standardError: number } {
  const count = sums.length;
  const total = sums.reduce((all, sum) => all + sum, 0);
  const without = sums.map((sum) => (total - 2 * sum) / ((count - 1) * (count - 2)));
  const mean = without.reduce((all, value) => all + value, 0) / count;
  const spread = without.reduce((all, value) => all + (value - mean) ** 2, 0);
  return { mmd2: total / (count * (count - 1)), standardError: Math.sqrt((spread * (count - 1)) / count) };
}

/** @param scaled d² / (2·(4m)²) ≥ 0. */
function kernelOf(scaled: number): number {
  const widest = Math.exp(-scaled);
  const second = widest ** 2 * widest ** 2;
  const third = second * second * second * second;
  const fourth = third * third * third * third;
  const narrowest = fourth * fourth * fourth * fourth;
  return (widest + second + third + fourth + narrowest) / 5;
}

/** Of all pairs; 1 where all rows are the same. */
function medianDistance(tf: Tf, rows: Matrix): number {
  const found = new Float64Array((rows.rows * (rows.rows - 1)) / 2);
  let next = 0;
  for (const { first, count, squared } of distancesBetween(tf, rows, rows).blocks()) {
    for (let row = 0; row < count; row += 1) {
      for (let column = first + row + 1; column < rows.rows; column += 1) {
        found[next] = squared[row * rows.rows + column] as number;
        next += 1;
      }
    }
  }
  found.sort();
  const middle = found.length / 2;
  const at = (index: number) => Math.sqrt(found[Math.floor(index)] as number);
  return (Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(middle)) || 1;
}
