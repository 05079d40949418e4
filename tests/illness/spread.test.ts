/** Proves diversity and coverage on points whose neighbours are known, their bounds, and the bound of their cost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COUNT_MIN, comparedCount, realSpread, spreadOf } from '../../services/illness/spread.ts';

/** Points on a line, ten apart, as 2-value samples. */
const line = (count: number, at = (i: number) => 10 * i) =>
  Float32Array.from({ length: 2 * count }, (_, index) => (index % 2 === 0 ? at(index / 2) : 7));

describe('pictures against 20 samples on a line', () => {
  const real = realSpread(line(20), 2);

  it('know each sample’s distance to its 5th neighbour', () => {
    // In the middle it is the third on one side, at the end the fifth.
    expect(real.radii[0]).toBe(50 ** 2);
    expect(real.radii[10]).toBe(30 ** 2);
    // Mean of |i − j| over the pairs of 20 is 7.
    expect(real.meanDistance).toBeCloseTo(70, 10);
  });

  it('that are the samples are as diverse, and cover all', () => {
    expect(spreadOf(line(20), real)).toEqual({ diversity: 1, coverage: 1, count: 20 });
  });

  it('that are one point have no diversity, and cover its neighbourhood alone', () => {
    const { diversity, coverage } = spreadOf(
      line(20, () => 0),
      real,
    );
    expect(diversity).toBe(0);
    // 0, 10, …, 30 are nearer than their 5th neighbours (50, 40, 30 and 30 away): 30 is not nearer than 30.
    expect(coverage).toBe(3 / 20);
  });

  it('that lie far away cover nothing, however diverse they are', () => {
    const far = Float32Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 10 * (index / 2) : 255));
    expect(spreadOf(far, real)).toMatchObject({ diversity: 1, coverage: 0 });
  });

  it('beyond as many as the samples are left out', () => {
    expect(spreadOf(Float32Array.from([...line(20), ...line(20, () => 3)]), real)).toMatchObject({ diversity: 1 });
  });
});

it('real samples that are all one say nothing of diversity', () => {
  const same = realSpread(new Float32Array(COUNT_MIN * 3), 3);
  expect(spreadOf(new Float32Array(COUNT_MIN * 3), same)).toMatchObject({ diversity: 1 });
});

it('coverage is a share and does not depend on the order of the pictures', () => {
  const points = fc.uint8Array({ minLength: 60, maxLength: 60 }).map((bytes) => Float32Array.from(bytes));
  fc.assert(
    fc.property(points, points, (reals, fakes) => {
      const real = realSpread(reals, 3);
      const { coverage, diversity } = spreadOf(fakes, real);
      const turned = Float32Array.from([...fakes.subarray(30), ...fakes.subarray(0, 30)]);
      expect(coverage).toBeGreaterThanOrEqual(0);
      expect(coverage).toBeLessThanOrEqual(1);
      expect(spreadOf(turned, real).coverage).toBe(coverage);
      expect(spreadOf(turned, real).diversity).toBeCloseTo(diversity, 10);
    }),
  );
});

describe('how many pictures are compared', () => {
  it.each([
    ['of 28 × 28 pixels all, up to 126', 784, 4096, 126],
    ['that there are', 784, 60, 60],
    ['of small ones at most 128', 4, 4096, 128],
    ['of 128 × 128 in colour fewer', 49_152, 64, 15],
  ])('%s', (_, values, available, expected) => {
    const count = comparedCount(available, values);
    expect(count).toBe(expected);
    expect(2 * count ** 2 * values).toBeLessThanOrEqual(25e6);
  });
});
