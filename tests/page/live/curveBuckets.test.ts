/** Proves that curves of any length stay bounded and true: means, least and greatest are those of the reports, and a cursor misses nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUCKETS_MAX, CurveBuckets } from '../../../services/page/live/curveBuckets.ts';

function filled(count: number, value: (phase: number) => number): CurveBuckets {
  const buckets = new CurveBuckets();
  for (let phase = 0; phase < count; phase += 1) buckets.add(phase, phase, { value: value(phase) });
  return buckets;
}

describe('CurveBuckets', () => {
  it('keeps every report while there is room', () => {
    const part = filled(3, (phase) => phase * 1.5).since(-1, 0);
    expect(part).toEqual({ width: 1, from: 0, columns: { value: { mean: [0, 1.5, 3] } } });
  });

  it('joins buckets in pairs beyond that: mean, least and greatest are those of the reports', () => {
    const part = filled(BUCKETS_MAX + 1, (phase) => (phase % 2 === 0 ? 1 : 3)).since(-1, 0);
    expect(part?.width).toBe(2);
    const { mean, low, high } = part?.columns.value ?? { mean: [] };
    expect(mean.length).toBe(BUCKETS_MAX / 2 + 1);
    expect([mean[0], low?.[0], high?.[0]]).toEqual([2, 1, 3]);
    expect([mean.at(-1), low?.at(-1), high?.at(-1)]).toEqual([1, 1, 1]);
  });

  it('leaves out what is not finite, and says null where a bucket has no report', () => {
    const buckets = new CurveBuckets();
    buckets.add(0, 0, { a: Number.NaN, b: 1 });
    buckets.add(1, 3, { a: 2, b: Number.POSITIVE_INFINITY });
    expect(buckets.since(-1, 0)?.columns).toEqual({
      b: { mean: [1, null, null, null] },
      a: { mean: [null, null, null, 2] },
    });
  });

  it('gives who knows some of it the rest, and nothing where nothing is new', () => {
    const buckets = filled(10, (phase) => phase);
    expect(buckets.since(7, 1)).toEqual({ width: 1, from: 8, columns: { value: { mean: [8, 9] } } });
    expect(buckets.since(9, 1)).toBeUndefined();
  });

  it('a million phases are as many buckets, whatever came', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 400 }), (steps) => {
        const buckets = new CurveBuckets();
        let phase = 0;
        for (const [sequence, step] of steps.entries()) {
          phase += step;
          buckets.add(sequence, phase, { value: phase });
        }
        const part = buckets.since(-1, 0);
        const mean = part?.columns.value?.mean ?? [];
        expect(mean.length).toBeLessThanOrEqual(BUCKETS_MAX);
        expect(mean.length).toBe(Math.floor(phase / (part?.width ?? 1)) + 1);
      }),
    );
  });
});
