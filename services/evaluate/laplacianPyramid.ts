/**
 * A Laplacian pyramid (Burt and Adelson 1983) as Karras et al. 2018 (Progressive GAN) take it apart: 5 × 5 binomial filter,
 * mirrored edges, every second pixel; all levels that have 16 pixels or more. Images are [height, width, channels].
 */
import { invariant } from '../errors/invariant.ts';
import type { Matrix } from './matrix.ts';

const PIXELS_MIN = 16;
const TAPS = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16] as const;

export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface PyramidLevel {
  readonly shape: ImageShape;
  /** One image a row. */
  readonly images: Matrix;
}

/** Largest first; the last one is what is left over, not a difference. */
export function laplacianPyramid(images: Matrix, shape: ImageShape): PyramidLevel[] {
  invariant(images.columns === shape.height * shape.width * shape.channels, 'images have their shape');
  const levels: PyramidLevel[] = [];
  let [current, size] = [images, shape];
  for (;;) {
    const smaller = { ...size, height: Math.floor(size.height / 2), width: Math.floor(size.width / 2) };
    const even = size.height % 2 === 0 && size.width % 2 === 0;
    if (!even || Math.min(smaller.height, smaller.width) < PIXELS_MIN) break;
    const [columns, from, to] = [smaller.height * smaller.width * smaller.channels, size, smaller];
    const down = mapRows(current, columns, (image) => shrink(image, from));
    const up = mapRows(down, current.columns, (image) => grow(image, to));
    const difference = current.values.map((value, at) => value - (up.values[at] as number));
    levels.push({ shape: size, images: { ...current, values: difference } });
    [current, size] = [down, smaller];
  }
  return [...levels, { shape: size, images: current }];
}

function mapRows(images: Matrix, columns: number, use: (image: Float32Array) => Float32Array): Matrix {
  const values = new Float32Array(images.rows * columns);
  for (let row = 0; row < images.rows; row += 1) {
    values.set(use(images.values.subarray(row * images.columns, (row + 1) * images.columns)), row * columns);
  }
  return { rows: images.rows, columns, values };
}

/** Blurred, then every second row and column. */
function shrink(image: Float32Array, shape: ImageShape): Float32Array {
  const blurred = blur(image, shape, 1);
  const [height, width] = [shape.height / 2, shape.width / 2];
  const small = new Float32Array(height * width * shape.channels);
  everyValue({ ...shape, height, width }, (y, x, c, at) => {
    small[at] = blurred[(2 * y * shape.width + 2 * x) * shape.channels + c] as number;
  });
  return small;
}

/** With zeros between, then blurred with four times the weight. */
function grow(image: Float32Array, shape: ImageShape): Float32Array {
  const large = { ...shape, height: shape.height * 2, width: shape.width * 2 };
  const spread = new Float32Array(large.height * large.width * large.channels);
  everyValue(shape, (y, x, c, at) => {
    spread[(2 * y * large.width + 2 * x) * large.channels + c] = image[at] as number;
  });
  return blur(spread, large, 2);
}

/** Both axes; `gain` for each of them. */
function blur(image: Float32Array, shape: ImageShape, gain: number): Float32Array {
  const { height, width, channels } = shape;
  const across = new Float32Array(image.length);
  everyValue(shape, (y, x, c, at) => {
    across[at] = gain * tapped((offset) => image[(y * width + mirrored(x + offset, width)) * channels + c] as number);
  });
  const both = new Float32Array(image.length);
  everyValue(shape, (y, x, c, at) => {
    both[at] = gain * tapped((offset) => across[(mirrored(y + offset, height) * width + x) * channels + c] as number);
  });
  return both;
}

function tapped(value: (offset: number) => number): number {
  return TAPS[0] * value(-2) + TAPS[1] * value(-1) + TAPS[2] * value(0) + TAPS[3] * value(1) + TAPS[4] * value(2);
}

/** −1 is 1, as `size` is size − 2: the edge itself is not repeated. */
function mirrored(index: number, size: number): number {
  if (index < 0) return -index;
  return index < size ? index : 2 * size - 2 - index;
}

function everyValue(shape: ImageShape, use: (y: number, x: number, channel: number, at: number) => void): void {
  let at = 0;
  for (let y = 0; y < shape.height; y += 1) {
    for (let x = 0; x < shape.width; x += 1) {
      for (let c = 0; c < shape.channels; c += 1, at += 1) use(y, x, c, at);
    }
  }
}
