/** Proves, by decoding what was encoded, that every pixel of every picture stands where it belongs. */
import fc from 'fast-check';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { encodeGrid, type GridShape } from '../../services/picture/grid.ts';

const GAP_GREY = 96;
const MARK_WIDTH = 3;
const YELLOW = [250, 204, 21];

function someShape(channels: 1 | 3): fc.Arbitrary<Required<GridShape>> {
  const side = fc.integer({ min: 1, max: 5 });
  return fc.record({
    width: side,
    height: side,
    channels: fc.constant(channels),
    rows: fc.integer({ min: 1, max: 4 }),
    columns: fc.integer({ min: 1, max: 4 }),
    scale: fc.integer({ min: 1, max: 3 }),
    marked: fc.integer({ min: 0, max: 2 }),
  });
}

const grids = fc.oneof(someShape(1), someShape(3)).chain((shape) => {
  const { width, height, channels, rows, columns } = shape;
  const length = rows * columns * width * height * channels;
  return fc.tuple(fc.constant(shape), fc.uint8Array({ minLength: length, maxLength: length }));
});

/** Red, green and blue of a pixel of the decoded grid; undefined where it is outside or not opaque. */
function colourAt(png: PNG, x: number, y: number): number[] | undefined {
  const at = (y * png.width + x) * 4;
  return x < png.width && y < png.height && png.data[at + 3] === 255 ? [...png.data.subarray(at, at + 3)] : undefined;
}

describe('encodeGrid', () => {
  it('puts every pixel, enlarged, into its cell, with gaps of one pixel around and a frame on what is marked', () => {
    fc.assert(
      fc.property(grids, ([shape, pixels]) => {
        const { width, height, channels, rows, columns, scale, marked } = shape;
        const png = PNG.sync.read(encodeGrid(pixels, shape));
        expect([png.width, png.height]).toEqual([columns * (width * scale + 1) + 1, rows * (height * scale + 1) + 1]);
        for (let y = 0; y < png.height; y++) {
          for (let x = 0; x < png.width; x++) {
            const column = Math.floor(x / (width * scale + 1));
            const row = Math.floor(y / (height * scale + 1));
            const inX = x - 1 - column * (width * scale + 1);
            const inY = y - 1 - row * (height * scale + 1);
            const cell = (row * columns + column) * width * height;
            const from = (cell + Math.floor(inY / scale) * width + Math.floor(inX / scale)) * channels;
            const picture = channels === 3 ? [...pixels.subarray(from, from + 3)] : Array(3).fill(pixels[from]);
            const edge = Math.min(inX, inY, width * scale - 1 - inX, height * scale - 1 - inY);
            const shown = column >= columns - marked && edge < MARK_WIDTH ? YELLOW : picture;
            expect(colourAt(png, x, y)).toEqual(inX < 0 || inY < 0 ? Array(3).fill(GAP_GREY) : shown);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('enlarges twice where nothing else is asked for', () => {
    const png = PNG.sync.read(
      encodeGrid(new Uint8Array(28 * 28 * 6), { width: 28, height: 28, channels: 1, rows: 2, columns: 3 }),
    );
    expect([png.width, png.height]).toEqual([3 * 57 + 1, 2 * 57 + 1]);
  });

  it.each([
    [1, 0],
    [3, 2],
  ] as const)('writes %i channel(s) as PNG colour type %i, without alpha', (channels, colourType) => {
    const bytes = encodeGrid(new Uint8Array(4 * channels), { width: 2, height: 2, channels, rows: 1, columns: 1 });
    // Signature (8), then the header chunk: length (4), 'IHDR' (4), width (4), height (4), depth (1), colour type (1).
    expect(bytes.toString('latin1', 1, 4)).toBe('PNG');
    expect([bytes[24], bytes[25]]).toEqual([8, colourType]);
  });

  it('is the same bytes for the same pixels', () => {
    const pixels = Uint8Array.from({ length: 28 * 28 }, (_, i) => i % 251);
    const shape = { width: 28, height: 28, channels: 1, rows: 1, columns: 1 } as const;
    expect(encodeGrid(pixels, shape).equals(encodeGrid(pixels, shape))).toBe(true);
  });

  it('refuses pixels that do not fill the grid, and a scale that is not whole', () => {
    const shape = { width: 2, height: 2, channels: 1, rows: 1, columns: 2 } as const;
    expect(() => encodeGrid(new Uint8Array(7), shape)).toThrow('invariant');
    expect(() => encodeGrid(new Uint8Array(9), shape)).toThrow('invariant');
    expect(() => encodeGrid(new Uint8Array(8), { ...shape, scale: 0 })).toThrow('invariant');
    expect(() => encodeGrid(new Uint8Array(8), { ...shape, scale: 1.5 })).toThrow('invariant');
  });
});
