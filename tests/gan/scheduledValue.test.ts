/** Proves that a scheduled value is its formula, exactly at both ends, never outside them, and the same in every V8. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scheduledAt } from '../../services/gan/scheduledValue.ts';

const COSINE = { type: 'cosine', from: 0.9, to: 0.99, overUpdates: 1000 } as const;
const EXPONENTIAL = { type: 'exponential', from: 2e-4, to: 5e-7, overUpdates: 700 } as const;

describe('scheduledAt', () => {
  it('is a number that does not change', () => {
    for (const t of [0, 1, 2 ** 40]) expect(scheduledAt(0.3, t)).toBe(0.3);
  });

  it.each([COSINE, EXPONENTIAL, { ...COSINE, from: 0.05, to: 0 }, { ...EXPONENTIAL, from: 1, to: 3e5 }])(
    '$type from $from to $to is at its ends exactly, and stays there',
    (value) => {
      expect(scheduledAt(value, 0)).toBe(value.from);
      for (const t of [value.overUpdates, value.overUpdates + 1, 2 ** 50]) expect(scheduledAt(value, t)).toBe(value.to);
    },
  );

  it('is half a cosine wave', () => {
    for (let t = 0; t <= 1000; t += 1) {
      const expected = 0.99 + ((0.9 - 0.99) * (1 + Math.cos((Math.PI * t) / 1000))) / 2;
      expect(Math.abs(scheduledAt(COSINE, t) - expected)).toBeLessThan(4e-16);
    }
    expect(scheduledAt({ ...COSINE, from: 3, to: 1 }, 500)).toBeCloseTo(2, 15);
  });

  it('is the power of the ratio', () => {
    for (let t = 0; t <= 700; t += 1) {
      const expected = 2e-4 * (5e-7 / 2e-4) ** (t / 700);
      expect(Math.abs(scheduledAt(EXPONENTIAL, t) / expected - 1)).toBeLessThan(1e-14);
    }
    expect(scheduledAt({ ...EXPONENTIAL, from: 16, to: 1, overUpdates: 4 }, 3)).toBe(2);
  });

  it('rises in equal steps before, where it is warmed up', () => {
    const value = { ...COSINE, from: 0.2, to: 0.1, warmUpUpdates: 4 };
    for (const [t, expected] of [0.04, 0.08, 0.12, 0.16].entries())
      expect(scheduledAt(value, t)).toBeCloseTo(expected, 15);
    for (const t of [0, 1, 500, 1000])
      expect(scheduledAt(value, 4 + t)).toBe(scheduledAt({ ...value, warmUpUpdates: 0 }, t));
  });

  it('goes from one end to the other without turning round', () => {
    const end = fc.double({ min: 1e-6, max: 1e3, noNaN: true });
    const type = fc.constantFrom('cosine' as const, 'exponential' as const);
    fc.assert(
      fc.property(type, end, end, fc.integer({ min: 2, max: 5000 }), fc.nat(), (kind, from, to, overUpdates, at) => {
        const value = { type: kind, from, to, overUpdates };
        const t = at % (overUpdates - 1);
        const [now, next] = [scheduledAt(value, t), scheduledAt(value, t + 1)];
        const slack = 1e-13 * Math.max(from, to);
        expect((next - now) * Math.sign(to - from)).toBeGreaterThanOrEqual(-slack);
        expect(now).toBeGreaterThanOrEqual(Math.min(from, to) - slack);
        expect(now).toBeLessThanOrEqual(Math.max(from, to) + slack);
      }),
    );
  });

  // As Python computes them from the same sums, products, quotients and roots.
  it('has these bits', () => {
    const bits = (value: number) => new BigUint64Array(Float64Array.of(value).buffer)[0]?.toString(16);
    expect([1, 333, 999].map((t) => bits(scheduledAt(COSINE, t)))).toEqual([
      '3feccccd44054ea1',
      '3fed84c928fc15e2',
      '3fefae1403a8c5da',
    ]);
    expect([1, 333, 699].map((t) => bits(scheduledAt(EXPONENTIAL, t)))).toEqual([
      '3f29fdb10402067f',
      '3ee841966e7660c8',
      '3ea0ebe2ff2e5a0e',
    ]);
  });
});
