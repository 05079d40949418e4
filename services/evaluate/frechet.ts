/**
 * The Fréchet distance between Gaussians fitted to two sets (Dowson and Landau 1982; Heusel et al. 2017 on features):
 *
 *   ‖μ₁ − μ₂‖² + tr(Σ₁) + tr(Σ₂) − 2·tr((Σ₁^½ Σ₂ Σ₁^½)^½),   in float64.
 */
import { invariant } from '../errors/invariant.ts';
import { columnMeans, type Matrix } from './matrix.ts';
import { symmetricEigen } from './symmetricEigen.ts';

export function frechetDistance(a: Matrix, b: Matrix): number {
  invariant(a.columns === b.columns && a.rows > 1 && b.rows > 1, 'two sets of samples of one size');
  const n = a.columns;
  const [meanA, meanB] = [columnMeans(a), columnMeans(b)];
  const [covarianceA, covarianceB] = [covariance(a, meanA), covariance(b, meanB)];
  const apart = meanA.reduce((sum, mean, i) => sum + (mean - (meanB[i] as number)) ** 2, 0);
  const root = squareRoot(covarianceA, n);
  const inner = symmetric(product(product(root, covarianceB, n), root, n), n);
  // Rounding leaves eigenvalues of a singular product a little below 0.
  const overlap = symmetricEigen(inner, n).values.reduce((sum, value) => sum + Math.sqrt(Math.max(value, 0)), 0);
  return apart + trace(covarianceA, n) + trace(covarianceB, n) - 2 * overlap;
}

/** Divided by rows − 1. */
function covariance({ rows, columns: n, values }: Matrix, means: Float64Array): Float64Array {
  const sums = new Float64Array(n * n);
  const row = new Float64Array(n);
  for (let sample = 0; sample < rows; sample += 1) {
    for (let i = 0; i < n; i += 1) row[i] = (values[sample * n + i] as number) - (means[i] as number);
    for (let i = 0; i < n; i += 1) {
      const value = row[i] as number;
      for (let j = i; j < n; j += 1) sums[i * n + j] = (sums[i * n + j] as number) + value * (row[j] as number);
    }
  }
  for (let i = 0; i < n; i += 1) {
    for (let j = i; j < n; j += 1) {
      sums[i * n + j] = (sums[i * n + j] as number) / (rows - 1);
      sums[j * n + i] = sums[i * n + j] as number;
    }
  }
  return sums;
}

function squareRoot(matrix: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, n);
  const scaled = vectors.map((value, at) => value * Math.sqrt(Math.max(values[at % n] as number, 0)));
  const transposed = vectors.map((_, at) => vectors[(at % n) * n + Math.floor(at / n)] as number);
  return symmetric(product(scaled, transposed, n), n);
}

function symmetric(matrix: Float64Array, n: number): Float64Array {
  return matrix.map((value, at) => (value + (matrix[(at % n) * n + Math.floor(at / n)] as number)) / 2);
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const found = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    for (let k = 0; k < n; k += 1) {
      const value = a[i * n + k] as number;
      for (let j = 0; j < n; j += 1) found[i * n + j] = (found[i * n + j] as number) + value * (b[k * n + j] as number);
    }
  }
  return found;
}

function trace(matrix: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += matrix[i * n + i] as number;
  return sum;
}
