/**
 * Proves that precision, recall, density and coverage are those of scikit-learn's neighbours, that sets which are the same,
 * apart, or of one distribution have the values that are known, and that no backend's rounding changes a count.
 */
import { describe, expect, it } from 'vitest';
import { precisionRecallDensityCoverage } from '../../services/evaluate/prdc.ts';
import { testBackends } from '../gan/backends.ts';
import { FIXTURES, gaussian, numbers } from './numbers.ts';

describe.each(testBackends())('on $kind', ({ start }) => {
  it('is what scikit-learn says', async () => {
    const fake = numbers(9, 70, 3, (value) => value * 1.25 + 0.125);
    const found = precisionRecallDensityCoverage(await start(), numbers(8, 80, 3), fake);
    for (const name of ['precision', 'recall', 'density', 'coverage'] as const) {
      expect(found[name]).toBeCloseTo(FIXTURES.prdc[name], 12);
    }
  });

  it('is 1 throughout for a set and itself, where every radius is a tie', async () => {
    const set = gaussian(1, 300, 50, 100);
    const found = precisionRecallDensityCoverage(await start(), set, set);
    expect(found).toEqual({ precision: 1, recall: 1, density: 1, coverage: 1 });
  });

  it('is 0 throughout for sets that are far apart', async () => {
    const found = precisionRecallDensityCoverage(await start(), gaussian(1, 60, 4), gaussian(2, 60, 4, 100));
    expect(found).toEqual({ precision: 0, recall: 0, density: 0, coverage: 0 });
  });

  it('is a density of 1 and a coverage of .875 for two sets of one distribution', async () => {
    const { density, coverage } = precisionRecallDensityCoverage(
      await start(),
      gaussian(1, 1200, 3),
      gaussian(2, 1200, 3),
    );
    expect(Math.abs(density - 1)).toBeLessThan(0.05);
    expect(Math.abs(coverage - (1 - 2 ** -3))).toBeLessThan(0.03);
  });

  it('sees a G that has collapsed: precise, but with little coverage and recall', async () => {
    const found = precisionRecallDensityCoverage(await start(), gaussian(1, 500, 2), gaussian(2, 500, 2, 0, 0.05));
    expect(found.precision).toBeGreaterThan(0.9);
    expect(found.recall).toBeLessThan(0.05);
    expect(found.coverage).toBeLessThan(0.05);
  });
});
