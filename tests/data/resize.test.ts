/** Proves that images are cropped around their centre and resized as Pillow's antialiased bilinear filter does it. */
import { describe, expect, it } from 'vitest';
import { squareOf } from '../../services/data/resize.ts';

/** 20 × 13: (37x² + 11xy + 5y) mod 256. */
const picture = {
  height: 13,
  width: 20,
  channels: 1,
  values: Uint8Array.from({ length: 260 }, (_, i) => {
    const [x, y] = [i % 20, Math.floor(i / 20)];
    return (37 * x * x + 11 * x * y + 5 * y) % 256;
  }),
};

/** Pillow 12: crop((3, 0, 16, 13)).resize((n, n), Image.BILINEAR). It rounds between its two passes, so by one step. */
const PILLOW = {
  4: [129, 121, 153, 129, 112, 113, 145, 131, 123, 129, 127, 117, 132, 145, 143, 129],
  8: [
    96, 142, 73, 100, 152, 165, 104, 120, 161, 116, 138, 164, 147, 169, 121, 155, 162, 105, 69, 128, 149, 174, 133, 112,
    65, 124, 129, 94, 131, 146, 125, 135, 114, 91, 91, 129, 118, 131, 119, 102, 132, 140, 160, 134, 121, 129, 103, 156,
    143, 155, 159, 152, 167, 136, 114, 114, 122, 101, 152, 128, 147, 136, 131, 149,
  ],
};
/** The first row at 20 × 20. */
const PILLOW_LARGER = [77, 78, 90, 140, 112, 50, 30, 37, 67, 143, 160, 118, 122, 148, 202, 151, 103, 87, 110, 133];

function expectNear(found: Uint8Array, expected: readonly number[]) {
  expect(found.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(Math.abs((found[i] ?? -9) - value)).toBeLessThanOrEqual(1);
}

describe('squareOf', () => {
  it('shrinks as Pillow does', () => {
    expectNear(squareOf(picture, 4), PILLOW[4]);
    expectNear(squareOf(picture, 8), PILLOW[8]);
  });

  it('enlarges as Pillow does', () => {
    expectNear(squareOf(picture, 20).subarray(0, 20), PILLOW_LARGER);
  });

  it('only crops where the size fits', () => {
    const cropped = Array.from({ length: 169 }, (_, i) => picture.values[20 * Math.floor(i / 13) + 3 + (i % 13)]);
    expect([...squareOf(picture, 13)]).toEqual(cropped);
  });

  it('crops what is high around its centre too', () => {
    const high = { height: 5, width: 2, channels: 1, values: Uint8Array.from({ length: 10 }, (_, i) => i) };
    expect([...squareOf(high, 2)]).toEqual([2, 3, 4, 5]);
  });

  it.each([1, 7, 28, 100])('keeps channels apart and a plain colour plain at %i', (side) => {
    const values = Uint8Array.from({ length: 11 * 17 * 3 }, (_, i) => [0, 255, 77][i % 3] ?? 0);
    const out = squareOf({ height: 11, width: 17, channels: 3, values }, side);
    expect(out).toEqual(Uint8Array.from({ length: side * side * 3 }, (_, i) => [0, 255, 77][i % 3] ?? 0));
  });
});
