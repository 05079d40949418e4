/**
 * Proves that MMD² and its standard error are scikit-learn's kernels' and a jackknife's by brute force; that they are 0 for one
 * set and the closed form for Gaussians; and that the error is that of repeated draws.
 */
import { describe, expect, it } from 'vitest';
import { maximumMeanDiscrepancy } from '../../services/evaluate/mmd.ts';
import { testBackends } from '../gan/backends.ts';
import { FIXTURES, gaussian, numbers } from './numbers.ts';

/** E[exp(−d²/2s²)] of two independent Gaussians in one dimension whose difference has this mean and variance. */
const expected = (s: number, mean: number, variance: number) =>
  Math.sqrt(s ** 2 / (s ** 2 + variance)) * Math.exp(-(mean ** 2) / (2 * (s ** 2 + variance)));

describe.each(testBackends())('on $kind', ({ kind, start }) => {
  it('is what scikit-learn and a jackknife by brute force say', async () => {
    const found = maximumMeanDiscrepancy(
      await start(),
      numbers(6, 30, 4),
      numbers(7, 30, 4, (value) => value + 0.125),
    );
    expect(found.mmd2).toBeCloseTo(FIXTURES.mmd.mmd2, 6);
    expect(found.standardError).toBeCloseTo(FIXTURES.mmd.standardError, 6);
    expect(found.bandwidth).toBeCloseTo(FIXTURES.mmd.bandwidth, 6);
  });

  it('is 0 for a set and itself, also where every sample is the same', async () => {
    const tf = await start();
    const set = numbers(1, 50, 3);
    expect(maximumMeanDiscrepancy(tf, set, set).mmd2).toBeCloseTo(0, 6);
    const same = numbers(1, 50, 3, () => 0.5);
    expect(maximumMeanDiscrepancy(tf, same, same)).toEqual({ mmd2: 0, standardError: 0, bandwidth: 1 });
  });

  it.runIf(kind === 'tensorflow')('is the closed form for Gaussians, within three standard errors', async () => {
    const { mmd2, standardError, bandwidth } = maximumMeanDiscrepancy(
      await start(),
      gaussian(1, 1500, 1),
      gaussian(2, 1500, 1, 0.5, 1.5),
    );
    const kernel = (mean: number, variance: number) =>
      [0.25, 0.5, 1, 2, 4].reduce((sum, scale) => sum + expected(scale * bandwidth, mean, variance) / 5, 0);
    const known = kernel(0, 2) + kernel(0, 4.5) - 2 * kernel(0.5, 3.25);
    expect(known).toBeGreaterThan(0.01);
    expect(Math.abs(mmd2 - known)).toBeLessThan(3 * standardError);
  });

  it.runIf(kind === 'tensorflow')('has the standard error that repeated draws have', async () => {
    const tf = await start();
    const draws = Array.from({ length: 60 }, (_, i) =>
      maximumMeanDiscrepancy(tf, gaussian(2 * i, 100, 2), gaussian(2 * i + 1, 100, 2, 0.5)),
    );
    const mean = draws.reduce((sum, { mmd2 }) => sum + mmd2, 0) / draws.length;
    const spread = Math.sqrt(draws.reduce((sum, { mmd2 }) => sum + (mmd2 - mean) ** 2, 0) / (draws.length - 1));
    const said = draws.reduce((sum, { standardError }) => sum + standardError, 0) / draws.length;
    expect(said / spread).toBeGreaterThan(0.75);
    expect(said / spread).toBeLessThan(1.5);
  });
});
