/** Proves that a series stays bounded, in order, with its first and its newest value. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Thinned } from '../../../services/page/live/thinned.ts';

it('keeps first and newest, in order, and never more than it may', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), fc.integer({ min: 1, max: 500 }), (max, count) => {
      const thinned = new Thinned<number>(max);
      for (let i = 0; i < count; i += 1) {
        thinned.add(i);
        expect(thinned.values.at(-1)).toBe(i);
      }
      const { values } = thinned;
      expect(values[0]).toBe(0);
      expect(values.length).toBeLessThanOrEqual(max + 1);
      expect(values.length).toBeGreaterThanOrEqual(Math.min(count, Math.floor(max / 2)));
      expect(values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0))).toBe(true);
    }),
  );
});
