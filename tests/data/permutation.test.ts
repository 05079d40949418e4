/** Proves that an epoch's order is a permutation for any size, is the same every time, and looks like a random one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochPermutation } from '../../services/data/permutation.ts';

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const epochs = fc.integer({ min: 0, max: 100_000 });

function orderOf(seed: number, epoch: number, size: number): number[] {
  return Array.from({ length: size }, (_, position) => position).map(epochPermutation(seed, epoch, size));
}

function isPermutation(order: readonly number[]): boolean {
  const seen = new Set(order);
  return seen.size === order.length && order.every((index) => index >= 0 && index < order.length);
}

/** χ² of counts that should all be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Beyond this lies one in 10⁹ (6 standard deviations, by Wilson and Hilferty's cube-root normal approximation). */
function chiSquareMax(degrees: number): number {
  const variance = 2 / (9 * degrees);
  return degrees * (1 - variance + 6 * Math.sqrt(variance)) ** 3;
}

describe('epochPermutation', () => {
  it('is a bijection for any size, seed and epoch', () => {
    fc.assert(
      fc.property(seeds, epochs, fc.integer({ min: 1, max: 5000 }), (seed, epoch, size) => {
        expect(isPermutation(orderOf(seed, epoch, size))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it.each([1, 2, 3, 4, 5, 15, 16, 17, 255, 256, 257, 60_000, 65_536, 65_537])('is a bijection for size %i', (size) => {
    expect(isPermutation(orderOf(1, 0, size))).toBe(true);
  });

  it('stays in range far beyond 32 bits', () => {
    const size = 2 ** 40 + 3;
    const order = epochPermutation(3, 1, size);
    const drawn = Array.from({ length: 1000 }, (_, i) => order(i * 1_000_003));
    expect(new Set(drawn).size).toBe(1000);
    expect(drawn.every((index) => Number.isInteger(index) && index >= 0 && index < size)).toBe(true);
    expect(Math.max(...drawn)).toBeGreaterThan(2 ** 39);
  });

  it('is a function of seed, epoch and size alone', () => {
    expect(orderOf(7, 2, 100)).toEqual(orderOf(7, 2, 100));
    expect(orderOf(7, 2, 100)).not.toEqual(orderOf(7, 3, 100));
    expect(orderOf(7, 2, 100)).not.toEqual(orderOf(8, 2, 100));
    // The seed counts beyond its low 32 bits.
    expect(orderOf(7, 2, 100)).not.toEqual(orderOf(7 + 2 ** 32, 2, 100));
  });

  /** A change of these changes the bits of every run: never without a note in the changelog. */
  it('gives the order that it gave in the first version', () => {
    expect(orderOf(0, 0, 10)).toEqual([6, 7, 1, 8, 2, 3, 5, 0, 4, 9]);
  });

  it.each([5, 16, 17, 100])('brings each of %i samples to each position equally often over the epochs', (size) => {
    const draws = 200 * size;
    for (const position of [0, 1, size - 1]) {
      const counts = new Array<number>(size).fill(0);
      for (let epoch = 0; epoch < draws; epoch++) {
        const index = epochPermutation(11, epoch, size)(position);
        counts[index] = (counts[index] ?? 0) + 1;
      }
      expect(chiSquare(counts)).toBeLessThan(chiSquareMax(size - 1));
    }
  });

  it('follows one sample by each other equally often', () => {
    const size = 12;
    const counts = new Array<number>(size * size).fill(0);
    for (let epoch = 0; epoch < 30_000; epoch++) {
      const order = epochPermutation(5, epoch, size);
      const pair = order(0) * size + order(1);
      counts[pair] = (counts[pair] ?? 0) + 1;
    }
    const distinct = counts.filter((_, pair) => pair % size !== Math.floor(pair / size));
    expect(chiSquare(distinct)).toBeLessThan(chiSquareMax(distinct.length - 1));
  });

  it('leaves one sample in place on average, as random permutations do', () => {
    let fixed = 0;
    for (let epoch = 0; epoch < 400; epoch++) fixed += orderOf(9, epoch, 300).filter((index, i) => index === i).length;
    // Poisson with mean 1 an epoch: 400 ± 20.
    expect(Math.abs(fixed - 400)).toBeLessThan(6 * 20);
  });
});
