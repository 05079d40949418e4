/** Proves the walks between latents: their ends, their middle, and that an arc keeps to the latents' lengths. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INTERPOLATIONS, interpolate } from '../../services/sampling/interpolation.ts';

const length = (values: Float32Array) => Math.hypot(...values);
const latent = fc
  .array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 })
  .map((values) => Float32Array.from(values));

describe.each(INTERPOLATIONS)('%s', (mode) => {
  it('begins and ends at the two latents, whatever they are', () => {
    fc.assert(
      fc.property(latent, latent, fc.integer({ min: 2, max: 9 }), (from, to, steps) => {
        const path = interpolate(from, to, steps, mode);
        expect(path.every(Number.isFinite)).toBe(true);
        for (const [i, value] of [...from, ...to].entries()) {
          const at = i < 3 ? i : (steps - 1) * 3 + i - 3;
          expect(path[at]).toBeCloseTo(value, 4);
        }
      }),
    );
  });
});

it('linear goes through the middle of the chord, spherical through that of the arc', () => {
  const [from, to] = [Float32Array.from([2, 0]), Float32Array.from([0, 2])];
  expect([...interpolate(from, to, 3, 'linear').subarray(2, 4)]).toEqual([1, 1]);
  const middle = interpolate(from, to, 3, 'spherical').subarray(2, 4);
  expect(length(middle)).toBeCloseTo(2, 5);
  expect(middle[0]).toBeCloseTo(Math.SQRT2, 5);
});

it('spherical is the chord where there is no one arc: latents that are opposite, equal, or 0', () => {
  const one = Float32Array.from([1, 2]);
  for (const other of [one, one.map((value) => -value), new Float32Array(2)]) {
    expect(interpolate(one, other, 5, 'spherical')).toEqual(interpolate(one, other, 5, 'linear'));
  }
});
