/** Proves that the smooth line keeps a constant, begins where the curve does, and follows it. */
import { expect, it } from 'vitest';
import { smoothed } from '../../../services/page/browser/smoothing.ts';

it('keeps a constant, gaps and all', () => {
  const values = Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? null : 2));
  for (const [i, value] of smoothed(values).entries()) {
    if (values[i] === null) expect(value).toBeNull();
    else expect(value).toBeCloseTo(2, 12);
  }
});

it('begins with the first value and comes to a new level', () => {
  const values = Array.from({ length: 600 }, (_, i) => (i < 300 ? 0 : 1));
  const smooth = smoothed(values);
  expect([smooth[0], smooth[299]]).toEqual([0, 0]);
  expect(smooth[310]).toBeCloseTo(1 - 0.5 ** 1.1, 2);
  expect(smooth.at(-1)).toBeGreaterThan(0.999);
});

it('leaves a short curve as it is', () => {
  expect(smoothed([1, 5, null])).toEqual([1, 5, null]);
});
