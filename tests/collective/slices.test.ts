/** Proves that the slices of a gradient are disjoint, complete, aligned and even, however many there are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutSlices } from '../../services/collective/slices.ts';

const ALIGNMENT = 16;

describe('slices', () => {
  it('cover the gradient from its first value to its last, in order, on cache lines', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 64 }), (length, sliceCount) => {
        const slices = cutSlices(length, sliceCount);
        expect(slices).toHaveLength(sliceCount);
        let next = 0;
        for (const { offset, count } of slices) {
          expect(offset).toBe(next);
          expect(offset % ALIGNMENT === 0 || offset === length).toBe(true);
          next += count;
        }
        expect(next).toBe(length);
        const lines = slices.map(({ count }) => Math.ceil(count / ALIGNMENT));
        expect(Math.max(...lines) - Math.min(...lines)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([
    [0, 2, [0, 0]],
    [1, 3, [1, 0, 0]],
    [33, 2, [32, 1]],
    [64, 2, [32, 32]],
    [100, 3, [48, 32, 20]],
  ])('of %i values in %i are %j long', (length, sliceCount, counts) => {
    expect(cutSlices(length, sliceCount).map(({ count }) => count)).toEqual(counts);
  });
});
