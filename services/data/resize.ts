/**
 * Images made square: cropped around their centre, then resized by a triangle filter as wide as the step between outputs
 * (at least 1): bilinear where they grow, an area's weighted mean where they shrink. Plain float64 sums in a fixed order,
 * so that the bytes are the same everywhere.
 */
import { must } from '../errors/invariant.ts';

/** [height, width, channels] bytes. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly values: Uint8Array;
}

/** [side, side, channels] bytes. */
export function squareOf(picture: Picture, side: number): Uint8Array {
  const { height, width, channels, values } = picture;
  const cropped = Math.min(height, width);
  const top = Math.floor((height - cropped) / 2);
  const left = Math.floor((width - cropped) / 2);
  const taps = tapsOf(cropped, side);
  // Columns first: rows of `side` for each row of the crop.
  const narrow = new Float64Array(cropped * side * channels);
  for (let y = 0; y < cropped; y++) {
    const row = ((top + y) * width + left) * channels;
    for (const [x, { first, weights }] of taps.entries()) {
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let k = 0; k < weights.length; k++)
          sum += (weights[k] as number) * (values[row + (first + k) * channels + c] as number);
        narrow[(y * side + x) * channels + c] = sum;
      }
    }
  }
  const out = new Uint8Array(side * side * channels);
  const rowValues = side * channels;
  for (const [y, { first, weights }] of taps.entries()) {
    for (let i = 0; i < rowValues; i++) {
      let sum = 0;
      for (let k = 0; k < weights.length; k++)
        sum += (weights[k] as number) * (narrow[(first + k) * rowValues + i] as number);
      out[y * rowValues + i] = Math.floor(sum + 0.5);
    }
  }
  return out;
}

interface Taps {
  /** The first input that counts. */
  readonly first: number;
  /** Sum 1. */
  readonly weights: readonly number[];
}

/** What each of `outputs` takes from `inputs`; half a pixel is the centre of the first. */
function tapsOf(inputs: number, outputs: number): readonly Taps[] {
  const step = inputs / outputs;
  const reach = Math.max(step, 1);
  return Array.from({ length: outputs }, (_, output) => {
    const centre = (output + 0.5) * step;
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    const end = Math.min(inputs, Math.floor(centre + reach + 0.5));
    const heights = Array.from({ length: end - first }, (_, k) =>
      Math.max(0, 1 - Math.abs((first + k + 0.5 - centre) / reach)),
    );
    const total = heights.reduce((sum, height) => sum + height, 0);
    return { first, weights: heights.map((height) => height / must(total, 'weight')) };
  });
}
