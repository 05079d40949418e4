/** Proves that the Fréchet distance is that of SciPy's matrix square root, and the closed forms of shifts and scalings. */
import { describe, expect, it } from 'vitest';
import { frechetDistance } from '../../services/evaluate/frechet.ts';
import { matrixOf } from '../../services/evaluate/matrix.ts';
import { symmetricEigen } from '../../services/evaluate/symmetricEigen.ts';
import { FIXTURES, gaussian, numbers } from './numbers.ts';

describe('frechetDistance', () => {
  it('is what SciPy says', () => {
    const b = numbers(5, 60, 5, (value) => value * 2 + 0.25);
    for (let row = 0; row < 60; row += 1) {
      b.values[5 * row + 1] = (b.values[5 * row + 1] ?? 0) + (b.values[5 * row] ?? 0);
    }
    expect(frechetDistance(numbers(4, 50, 5), b)).toBeCloseTo(FIXTURES.frechet.distance, 5);
  });

  it('is 0 for a set and itself, also where features never vary', () => {
    const set = numbers(1, 40, 8);
    expect(frechetDistance(set, set)).toBeCloseTo(0, 9);
    const flat = numbers(1, 40, 8, () => 0.5);
    expect(frechetDistance(flat, flat)).toBe(0);
  });

  it('is the squared length of a shift, and the sum of the variances where everything doubles', () => {
    const set = gaussian(1, 300, 6);
    const moved = matrixOf(
      set.values.map((value) => value + 0.5),
      6,
    );
    expect(frechetDistance(set, moved)).toBeCloseTo(6 * 0.25, 5);
    const flat = frechetDistance(
      set,
      matrixOf(
        set.values.map((value) => 2 * value),
        6,
      ),
    );
    // Σ(σ − 2σ)² = Σσ², near 6; the means, near 0, move by themselves.
    expect(Math.abs(flat - 6)).toBeLessThan(0.6);
  });

  it('is (μ₁ − μ₂)² + (σ₁ − σ₂)² for Gaussians in one dimension', () => {
    const found = frechetDistance(gaussian(1, 20_000, 1, 1, 2), gaussian(2, 20_000, 1, -1, 0.5));
    expect(Math.abs(found - (4 + 2.25))).toBeLessThan(0.15);
  });
});

describe('symmetricEigen', () => {
  it('takes a matrix apart into what multiplies back to it', () => {
    const n = 24;
    const half = numbers(3, n, n).values;
    const matrix = Float64Array.from({ length: n * n }, (_, at) => {
      return (half[at] ?? 0) + (half[(at % n) * n + Math.floor(at / n)] ?? 0);
    });
    const { values, vectors } = symmetricEigen(matrix, n);
    for (let at = 0; at < n * n; at += 1) {
      const [i, j] = [Math.floor(at / n), at % n];
      let sum = 0;
      for (let k = 0; k < n; k += 1) sum += (vectors[i * n + k] ?? 0) * (values[k] ?? 0) * (vectors[j * n + k] ?? 0);
      expect(sum).toBeCloseTo(matrix[at] ?? Number.NaN, 10);
    }
  });
});
