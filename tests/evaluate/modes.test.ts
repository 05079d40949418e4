/** Proves that modes, high quality and the reverse KL divergence are counted as SciPy counts them, and as is known of Gaussians. */
import { describe, expect, it } from 'vitest';
import { matrixOf } from '../../services/evaluate/matrix.ts';
import { modeCoverage, modesCounted } from '../../services/evaluate/modes.ts';
import { FIXTURES, gaussian, numbers } from './numbers.ts';

/** VEEGAN's ring: 8 means at radius 1, σ .01. */
const centres = matrixOf(
  Float32Array.from({ length: 16 }, (_, i) =>
    (i % 2 === 0 ? Math.cos : Math.sin)((2 * Math.PI * Math.floor(i / 2)) / 8),
  ),
  2,
);
const ring = { centres, deviations: Array(8).fill(0.01), weights: Array(8).fill(1 / 8) };
const around = (mode: number, count: number) => {
  const noise = gaussian(mode, count, 2, 0, 0.01);
  return noise.values.map((value, at) => value + (centres.values[2 * mode + (at % 2)] ?? 0));
};

describe('modeCoverage', () => {
  it('is what SciPy says', () => {
    const found = modeCoverage(
      numbers(14, 200, 2, (value) => 4 * value),
      {
        centres: matrixOf(Float32Array.of(1, 1, 3, 1, 1, 3, 3, 3, 9, 9), 2),
        deviations: Array(5).fill(0.2),
        weights: [0.1, 0.2, 0.3, 0.2, 0.2],
      },
    );
    expect(found.modes).toBe(FIXTURES.modes.modes);
    expect(found.highQuality).toBeCloseTo(FIXTURES.modes.highQuality, 12);
    expect(found.reverseKl).toBeCloseTo(FIXTURES.modes.reverseKl, 12);
  });

  it('finds the data’s own samples on all modes, 98.9 % of them near', () => {
    const all = Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7].flatMap((mode) => [...around(mode, 2500)]));
    const found = modeCoverage(matrixOf(all, 2), ring);
    expect(found).toMatchObject({ modes: 8, modesTotal: 8, reverseKl: 0 });
    expect(Math.abs(found.highQuality - (1 - Math.exp(-4.5)))).toBeLessThan(0.003);
  });

  it('is 1 mode and a divergence of log 8 for a G that has collapsed to one', () => {
    const found = modeCoverage(matrixOf(around(3, 500), 2), ring);
    expect(found.modes).toBe(1);
    expect(found.reverseKl).toBeCloseTo(Math.log(8), 12);
  });

  it('counts no mode for samples between them, nor for what is not finite', () => {
    expect(modeCoverage(matrixOf(Float32Array.of(0, 0, 0.1, 0), 2), ring)).toMatchObject({ modes: 0, highQuality: 0 });
    const broken = matrixOf(Float32Array.of(Number.NaN, 0, Number.POSITIVE_INFINITY, 0, 1, 0, 1, 0), 2);
    expect(modeCoverage(broken, ring)).toMatchObject({ modes: 1, highQuality: 0.5 });
  });
});

describe('modesCounted', () => {
  it('is a divergence of 0 for counts that are all alike, log n for one class alone', () => {
    expect(modesCounted([5, 5, 5, 5])).toEqual({ modes: 4, modesTotal: 4, reverseKl: 0 });
    expect(modesCounted([0, 9, 0, 0])).toEqual({ modes: 1, modesTotal: 4, reverseKl: Math.log(4) });
  });

  it('has the floor of chance at 26,000 samples of 1,000 modes: 999 / 52,000', () => {
    const counts = new Uint32Array(1000);
    for (const value of numbers(3, 26_000, 1).values) {
      const mode = Math.floor(value * 1000);
      counts[mode] = (counts[mode] ?? 0) + 1;
    }
    expect(Math.abs(modesCounted(counts).reverseKl - 999 / 52_000)).toBeLessThan(0.003);
  });
});
