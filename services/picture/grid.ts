/** Grids of pictures as PNG. */
import { PNG } from 'pngjs';
import { invariant } from '../errors/invariant.ts';

export interface GridShape {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly rows: number;
  readonly columns: number;
  /** Pixels of the grid per pixel of a picture, each way; whole. Default 2: a 28-pixel digit is too small to judge. */
  readonly scale?: number;
  /** Columns at the right whose pictures are framed in yellow, as the paper's figures mark training samples. Default none. */
  readonly marked?: number;
}

const GAP = 1;
export const GAP_GREY = 96;
const MARK = [250, 204, 21];
const MARK_WIDTH = 3;

/** Pictures one after the other, one byte a value (height × width × channels), as a PNG with 1-pixel gaps. */
export function encodeGrid(pixels: Uint8Array, shape: GridShape): Buffer {
  const { width, height, channels, rows, columns, scale = 2, marked = 0 } = shape;
  invariant(Number.isInteger(scale) && scale >= 1, `a scale is 1 or more, not ${scale}`);
  invariant(pixels.length === rows * columns * width * height * channels, 'pixels fill the grid');
  const cellWidth = width * scale + GAP;
  const cellHeight = height * scale + GAP;
  const png = new PNG({ width: columns * cellWidth + GAP, height: rows * cellHeight + GAP });
  png.data.fill(GAP_GREY);
  for (let i = 3; i < png.data.length; i += 4) png.data[i] = 255;
  for (let cell = 0; cell < rows * columns; cell++) {
    const left = GAP + (cell % columns) * cellWidth;
    const top = GAP + Math.floor(cell / columns) * cellHeight;
    const picture = pixels.subarray(cell * width * height * channels, (cell + 1) * width * height * channels);
    for (let y = 0; y < height * scale; y++) {
      for (let x = 0; x < width * scale; x++) {
        const from = (Math.floor(y / scale) * width + Math.floor(x / scale)) * channels;
        const to = ((top + y) * png.width + left + x) * 4;
        for (let c = 0; c < 3; c++) png.data[to + c] = picture[from + (channels === 3 ? c : 0)] as number;
      }
    }
    if (cell % columns >= columns - marked) frame(png, left, top, width * scale, height * scale);
  }
  return PNG.sync.write(png, channels === 1 && marked === 0 ? { colorType: 0 } : { colorType: 2 });
}

/** Yellow, on the outermost pixels of a picture. */
function frame(png: PNG, left: number, top: number, width: number, height: number): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (Math.min(x, y, width - 1 - x, height - 1 - y) >= MARK_WIDTH) continue;
      png.data.set(MARK, ((top + y) * png.width + left + x) * 4);
    }
  }
}
