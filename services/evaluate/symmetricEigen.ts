/** Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan 2013, §8.5), float64. */
import { invariant } from '../errors/invariant.ts';

/** Convergence is quadratic: 64 × 64 needs about eight. */
const SWEEPS_MAX = 60;

export interface Eigen {
  readonly values: Float64Array;
  /** [n, n], row by row; column j belongs to value j. */
  readonly vectors: Float64Array;
}

/** @param matrix [n, n], symmetric; not changed. */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const a = matrix.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) vectors[i * n + i] = 1;
  const norm = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
  for (let sweep = 0; offDiagonal(a, n) > 1e-14 * norm; sweep += 1) {
    invariant(sweep < SWEEPS_MAX, 'Jacobi rotations converge');
    for (let p = 0; p < n; p += 1) for (let q = p + 1; q < n; q += 1) rotate(a, vectors, n, p, q);
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), vectors };
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i += 1) for (let j = 0; j < n; j += 1) if (i !== j) sum += (a[i * n + j] as number) ** 2;
  return Math.sqrt(sum);
}

/** Makes a[p, q] zero. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q] as number;
  if (apq === 0) return;
  const theta = ((a[q * n + q] as number) - (a[p * n + p] as number)) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  const turn = (values: Float64Array, first: number, second: number) => {
    const [x, y] = [values[first] as number, values[second] as number];
    values[first] = c * x - s * y;
    values[second] = s * x + c * y;
  };
  for (let k = 0; k < n; k += 1) turn(a, k * n + p, k * n + q);
  for (let k = 0; k < n; k += 1) turn(a, p * n + k, q * n + k);
  for (let k = 0; k < n; k += 1) turn(vectors, k * n + p, k * n + q);
}
