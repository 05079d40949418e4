/**
 * Proves that the drawn data are what they say: as many distinct modes as asked for, each with its share, mean and
 * deviation; the same points for the same seed wherever they are read; and other points for another seed or split.
 */
import { describe, expect, it } from 'vitest';
import { gaussianMixture } from '../../services/data/gaussianMixture.ts';
import { openSource, type Split } from '../../services/data/source.ts';
import { dataOf } from './dataOf.ts';
import { floatsOf, sampleOf } from './samples.ts';

const COUNT = 20_000;

/** Index of the nearest of `centers` to each point, and the distance to it. */
function nearest(points: Float32Array, centers: readonly (readonly number[])[]) {
  const [dimensions = 0] = centers.map((center) => center.length);
  return Array.from({ length: points.length / dimensions }, (_, i) => {
    const distances = centers.map((center) =>
      Math.hypot(...center.map((x, d) => x - (points[i * dimensions + d] ?? 0))),
    );
    const distance = Math.min(...distances);
    return { mode: distances.indexOf(distance), distance };
  });
}

describe.each([
  ['ring', 8, 0.01, Array.from({ length: 8 }, (_, k) => [Math.cos((k * Math.PI) / 4), Math.sin((k * Math.PI) / 4)])],
  ['grid', 25, 0.05, [-4, -2, 0, 2, 4].flatMap((x) => [-4, -2, 0, 2, 4].map((y) => [x, y]))],
])('%s', (dataset, modes, sigma, centers) => {
  const source = openSource(dataOf({ dataset, labels: true }), 'train');
  const points = floatsOf(source, COUNT);
  const found = nearest(points, centers);

  it(`is 100,000 points in the plane around ${modes} distinct means`, () => {
    expect(source).toMatchObject({ size: 100_000, shape: [2], type: 'float32', classes: modes });
    // No two of the centres that the test computes itself are one: linspace(0, 2π, 8) would give seven.
    expect(new Set(centers.map((center) => center.map((x) => x.toFixed(6)).join())).size).toBe(modes);
    for (let k = 0; k < modes; k++) {
      const share = found.filter(({ mode }) => mode === k).length / COUNT;
      // Five standard errors of a binomial share.
      expect(Math.abs(share - 1 / modes)).toBeLessThan(5 * Math.sqrt((1 / modes) * (1 - 1 / modes) * (1 / COUNT)));
    }
  });

  it(`has deviation ${sigma} in each dimension: e^−4.5 of the points lie beyond 3σ`, () => {
    const squares = found.reduce((sum, { distance }) => sum + distance ** 2, 0);
    expect(Math.sqrt(squares / COUNT / 2) / sigma).toBeCloseTo(1, 1);
    expect(Math.abs(Math.sqrt(squares / COUNT / 2) / sigma - 1)).toBeLessThan(5 / Math.sqrt(4 * COUNT));
    const far = found.filter(({ distance }) => distance > 3 * sigma).length / COUNT;
    expect(Math.abs(far - Math.exp(-4.5))).toBeLessThan(5 * Math.sqrt(Math.exp(-4.5) / COUNT));
  });

  it('labels each point with the mode that it was drawn from', () => {
    const { means } = gaussianMixture(dataOf({ dataset }) as Parameters<typeof gaussianMixture>[0]);
    for (const [index, { distance, mode }] of found.slice(0, 2000).entries()) {
      expect(distance).toBeLessThan(7 * sigma);
      const own = means[source.label(index)] ?? [];
      expect(Math.hypot(...own.map((x, d) => x - (centers[mode]?.[d] ?? 9)))).toBeLessThan(1e-12);
    }
  });
});

describe('a ring of any size', () => {
  it.each([1, 2, 3, 5, 8, 12, 100, 999])('of %i modes has them where cosine and sine are', (modes) => {
    const { means } = gaussianMixture(dataOf({ dataset: 'ring', modes, radius: 2 }) as never);
    expect(means.length).toBe(modes);
    for (const [k, [x = 9, y = 9]] of means.entries()) {
      expect(Math.abs(x - 2 * Math.cos((2 * Math.PI * k) / modes))).toBeLessThan(4e-15);
      expect(Math.abs(y - 2 * Math.sin((2 * Math.PI * k) / modes))).toBeLessThan(4e-15);
    }
  });
});

describe('a mixture', () => {
  const line = { dataset: 'mixture', means: [-2, 3], deviations: [0.5, 0.1], weights: [1, 3], labels: true };

  it('has one dimension where its means are numbers, and the shares, means and deviations that were asked for', () => {
    const source = openSource(dataOf(line), 'train');
    expect(source).toMatchObject({ shape: [1], classes: 2 });
    const points = floatsOf(source, COUNT);
    const labels = Array.from(points, (_, index) => source.label(index));
    for (const [k, mean, deviation, share] of [
      [0, -2, 0.5, 0.25],
      [1, 3, 0.1, 0.75],
    ] as const) {
      const own = points.filter((_, index) => labels[index] === k);
      const average = own.reduce((sum, x) => sum + x, 0) / own.length;
      const spread = Math.sqrt(own.reduce((sum, x) => sum + (x - average) ** 2, 0) / own.length);
      expect(Math.abs(own.length / COUNT - share)).toBeLessThan(5 * Math.sqrt(0.1875 / COUNT));
      expect(Math.abs(average - mean)).toBeLessThan((5 * deviation) / Math.sqrt(own.length));
      expect(Math.abs(spread / deviation - 1)).toBeLessThan(5 / Math.sqrt(2 * own.length));
    }
  });

  it('takes one deviation for all of its components, in as many dimensions as its means have', () => {
    const source = openSource(
      dataOf({
        dataset: 'mixture',
        means: [
          [0, 10, 20],
          [5, 5, 5],
        ],
        deviations: 1e-6,
      }),
      'train',
    );
    expect(source).toMatchObject({ shape: [3], classes: 0 });
    for (const { distance } of nearest(floatsOf(source, 100), [
      [0, 10, 20],
      [5, 5, 5],
    ])) {
      expect(distance).toBeLessThan(1e-4);
    }
  });

  it('gives the same points to everyone who asks, in any order', () => {
    const [one, other] = [openSource(dataOf(line), 'train'), openSource(dataOf({ ...line, first: 10 }), 'train')];
    const backwards = [...Array(50).keys()]
      .reverse()
      .map((index) => sampleOf(other, index))
      .reverse();
    expect(backwards).toEqual(Array.from({ length: 50 }, (_, index) => sampleOf(one, index + 10)));
    expect(other.size).toBe(99_990);
  });

  it('gives other points for another seed and for another split', () => {
    const draw = (seed: number, split: Split) => floatsOf(openSource(dataOf({ ...line, seed }), split), 20).join();
    const drawn = [draw(0, 'train'), draw(1, 'train'), draw(2 ** 32, 'train'), draw(0, 'valid'), draw(0, 'test')];
    expect(new Set(drawn).size).toBe(5);
  });

  it('keeps its points from version to version', () => {
    const points = floatsOf(openSource(dataOf({ dataset: 'ring', seed: 7 }), 'train'), 2);
    expect([...points].map((x) => x.toFixed(6))).toEqual(['-0.721128', '-0.698727', '-0.989351', '0.000123']);
  });
});
