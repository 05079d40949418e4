/**
 * Proves that the sliced Wasserstein distance is SciPy's along each direction, the pyramid SciPy's convolutions, the patches
 * NumPy's; and that shifts and equal sets have the values that are known.
 */
import { describe, expect, it } from 'vitest';
import { laplacianPyramid } from '../../services/evaluate/laplacianPyramid.ts';
import { matrixOf } from '../../services/evaluate/matrix.ts';
import { PATCHES_PER_IMAGE, patchDescriptors, patchPlaces } from '../../services/evaluate/patches.ts';
import { RadixSort } from '../../services/evaluate/radixSort.ts';
import { imageSwd, pointSwd, slicedWasserstein } from '../../services/evaluate/slicedWasserstein.ts';
import { testBackends } from '../gan/backends.ts';
import { FIXTURES, gaussian, numbers } from './numbers.ts';

const SHAPE = { height: 32, width: 36, channels: 3 };

describe.each(testBackends())('on $kind', ({ start }) => {
  it('is what SciPy says', async () => {
    const directions = numbers(12, 9, 5, (value) => value - 0.5);
    for (let row = 0; row < 9; row += 1) {
      const direction = directions.values.subarray(5 * row, 5 * row + 5);
      const length = Math.hypot(...direction);
      for (let i = 0; i < 5; i += 1) direction[i] = (direction[i] ?? 0) / length;
    }
    const b = numbers(11, 64, 5, (value) => value * 1.5);
    const found = slicedWasserstein(await start(), numbers(10, 64, 5), b, directions);
    expect(found).toBeCloseTo(FIXTURES.sliced_wasserstein.distance, 5);
  });

  it('is 2/π of a shift in the plane, the same for the same seed', async () => {
    const tf = await start();
    const points = gaussian(1, 500, 2);
    const moved = matrixOf(
      points.values.map((value, at) => (at % 2 === 0 ? value + 3 : value)),
      2,
    );
    const found = pointSwd(tf, points, moved, 7);
    expect(Math.abs(found - (3 * 2) / Math.PI)).toBeLessThan(0.15);
    expect(pointSwd(tf, points, moved, 7)).toBe(found);
    expect(pointSwd(tf, points, moved, 8)).not.toBe(found);
  });

  it('is 0 for images and themselves, small for more of the same, large for others', async () => {
    const tf = await start();
    const dots = (seed: number) => numbers(seed, 8, 32 * 36 * 3);
    const lines = numbers(3, 8 * 32, 1).values;
    const stripes = matrixOf(
      Float32Array.from({ length: 8 * 32 * 36 * 3 }, (_, at) => lines[Math.floor(at / 108)] ?? 0),
      32 * 36 * 3,
    );
    expect(imageSwd(tf, dots(1), dots(1), SHAPE, 0)).toEqual({ mean: 0, levels: { 16: 0, 32: 0 } });
    const same = imageSwd(tf, dots(1), dots(2), SHAPE, 0);
    const others = imageSwd(tf, dots(1), stripes, SHAPE, 0);
    expect(others.mean).toBeGreaterThan(2 * same.mean);
    expect(others.mean).toBeCloseTo(((others.levels[16] ?? 0) + (others.levels[32] ?? 0)) / 2, 9);
  });
});

describe('laplacianPyramid', () => {
  it('is what SciPy’s convolutions give', () => {
    const levels = laplacianPyramid(numbers(13, 2, 32 * 36 * 3), SHAPE);
    expect(levels.map(({ shape }) => shape)).toEqual([SHAPE, { height: 16, width: 18, channels: 3 }]);
    for (const [index, { shape, images }] of levels.entries()) {
      const { height, width } = shape;
      const squares = images.values.reduce((sum, value) => sum + value * value, 0);
      expect(squares).toBeCloseTo(FIXTURES.pyramid.sumOfSquares[index] ?? Number.NaN, 2);
      const at = (y: number, x: number) => images.values[images.columns + (y * width + x) * 3 + 2] ?? Number.NaN;
      const corners = [at(0, 0), at(0, width - 1), at(height - 1, 0), at(height - 1, width - 1), at(5, 7)];
      for (const [corner, value] of corners.entries()) {
        expect(value).toBeCloseTo(FIXTURES.pyramid.corners[index]?.[corner] ?? Number.NaN, 5);
      }
    }
  });

  it('is MNIST itself: 14 pixels are below 16', () => {
    const images = numbers(1, 2, 784);
    expect(laplacianPyramid(images, { height: 28, width: 28, channels: 1 })).toEqual([
      { shape: { height: 28, width: 28, channels: 1 }, images },
    ]);
  });
});

describe('patchDescriptors', () => {
  it('cuts and normalises as NumPy does', () => {
    const level = laplacianPyramid(numbers(13, 2, 32 * 36 * 3), SHAPE)[1];
    if (!level) throw new Error('there are two levels');
    const { rows, columns, values } = patchDescriptors(level, Uint16Array.of(0, 0, 3, 1, 9, 11, 2, 10, 1, 8, 4, 4));
    expect([rows, columns]).toEqual([6, 147]);
    for (const [i, value] of FIXTURES.pyramid.patch.entries()) expect(values[4 * 147 + i]).toBeCloseTo(value, 4);
  });

  it('chooses places all over the image, other ones for each image', () => {
    const places = patchPlaces(1, 0, 40, SHAPE);
    expect(places.length).toBe(2 * 40 * PATCHES_PER_IMAGE);
    expect(new Set(places.filter((_, at) => at % 2 === 0)).size).toBe(26);
    expect(new Set(places.filter((_, at) => at % 2 === 1)).size).toBe(30);
    const rows = Array.from({ length: 40 }, (_, i) => places.subarray(2 * 128 * i, 2 * 128 * (i + 1)).join());
    expect(new Set(rows).size).toBe(40);
  });
});

describe('RadixSort', () => {
  it('sorts as the typed array does, whatever the sign and the size', () => {
    const values = gaussian(5, 5000, 1).values.map((value, at) =>
      at % 7 === 0 ? value * 1e30 : at % 11 === 0 ? 0 : value,
    );
    values.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-44, -1e-44], 100);
    const expected = values.slice().sort();
    new RadixSort(5000).sort(values);
    expect(values).toEqual(expected);
  });
});
