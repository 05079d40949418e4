/** Proves the density by what it is of: it integrates to the samples' share, follows narrow modes, and stands where they are. */
import { describe, expect, it } from 'vitest';
import { cellCentre, densityOf, type Grid } from '../../services/picture/density.ts';
import { fillNormal } from '../../services/random/normal.ts';

const grid: Grid = { low: -3, high: 3, cells: 600 };

/** Half of the samples at −1, half at 1. */
function twoModes(count: number, deviation: number): Float32Array {
  const samples = new Float32Array(count);
  const address = { seed: 1, stream: 'sampleLatent', phase: 0, layer: 0 } as const;
  fillNormal(address, { first: 0, count, width: 1 }, samples);
  return samples.map((value, i) => (i % 2 === 0 ? -1 : 1) + deviation * value);
}

function integral(density: Float64Array): number {
  return (density.reduce((sum, value) => sum + value, 0) * (grid.high - grid.low)) / grid.cells;
}

describe('densityOf', () => {
  it.each([0.4, 0.1, 0.03])('is near the true density of two modes of deviation %d', (deviation) => {
    const density = densityOf(twoModes(20_000, deviation), grid);
    const peak = 0.5 / (deviation * Math.sqrt(2 * Math.PI));
    const truth = (x: number) =>
      peak * (Math.exp(-0.5 * ((x + 1) / deviation) ** 2) + Math.exp(-0.5 * ((x - 1) / deviation) ** 2));
    for (let cell = 0; cell < grid.cells; cell += 1) {
      expect(Math.abs((density[cell] ?? 0) - truth(cellCentre(grid, cell)))).toBeLessThan(0.12 * peak);
    }
    expect(integral(density)).toBeCloseTo(1, 2);
  });

  it('counts the samples outside of the grid as missing', () => {
    const samples = twoModes(1000, 0.1).map((value) => (value > 0 ? value + 100 : value));
    expect(integral(densityOf(samples, grid))).toBeCloseTo(0.5, 2);
  });

  it('of a G that gives one value is a peak there, and finite', () => {
    const density = densityOf(new Float32Array(100).fill(0.5), grid);
    expect(density.every(Number.isFinite)).toBe(true);
    expect(cellCentre(grid, density.indexOf(Math.max(...density)))).toBeCloseTo(0.5, 1);
  });
});
