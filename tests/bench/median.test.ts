/** Proves that the median is the middle, whatever the order, and that its input stays as it was. */
import { expect, it } from 'vitest';
import { median } from '../../services/bench/median.ts';

it.each([
  [[7], 7],
  [[9, 1, 5], 5],
  [[10, 2, 9, 1], 5.5],
  [[100, 2, 1, 3, 4], 3],
])('of %j is %d', (values, middle) => {
  const before = [...values];
  expect(median(values)).toBe(middle);
  expect(values).toEqual(before);
});

it('of nothing is a bug', () => {
  expect(() => median([])).toThrow('invariant broken');
});
