/**
 * The neighbourhoods that Karras et al. 2018 describe an image level by: 128 patches of 7 × 7 pixels an image, at random
 * places, then each channel shifted and scaled to mean 0 and deviation 1 over all of the set's patches.
 */
import { must } from '../errors/invariant.ts';
import { fillUniform } from '../random/uniform.ts';
import type { ImageShape, PyramidLevel } from './laplacianPyramid.ts';
import type { Matrix } from './matrix.ts';

export const PATCH_PIXELS = 7;
export const PATCHES_PER_IMAGE = 128;

/** Top and left of each patch, in turns: [images · perImage, 2]. */
export type Places = Uint16Array;

/** @param level 0 for the largest: every level has places of its own. */
export function patchPlaces(seed: number, level: number, images: number, shape: ImageShape): Places {
  const rows = { first: 0, count: images, width: 2 * PATCHES_PER_IMAGE };
  const uniform = new Float32Array(rows.count * rows.width);
  fillUniform({ seed, stream: 'evaluationPatches', phase: 0, layer: level }, rows, 0, 1, uniform);
  return Uint16Array.from(uniform, (value, at) => {
    const size = at % 2 === 0 ? shape.height : shape.width;
    return Math.floor(value * (size - PATCH_PIXELS + 1));
  });
}

/** One normalised patch a row. @param places as many for every image. */
export function patchDescriptors({ images, shape }: PyramidLevel, places: Places): Matrix {
  const perImage = places.length / 2 / images.rows;
  const columns = PATCH_PIXELS * PATCH_PIXELS * shape.channels;
  const values = new Float32Array(images.rows * perImage * columns);
  const line = PATCH_PIXELS * shape.channels;
  for (let patch = 0, at = 0; patch < images.rows * perImage; patch += 1) {
    const [top, left] = [must(places[2 * patch], 'top'), must(places[2 * patch + 1], 'left')];
    const image = Math.floor(patch / perImage) * images.columns;
    for (let y = 0; y < PATCH_PIXELS; y += 1, at += line) {
      const begin = image + ((top + y) * shape.width + left) * shape.channels;
      values.set(images.values.subarray(begin, begin + line), at);
    }
  }
  normalise(values, shape.channels);
  return { rows: images.rows * perImage, columns, values };
}

/** In place. A channel that is the same everywhere becomes 0. */
function normalise(values: Float32Array, channels: number): void {
  const count = values.length / channels;
  for (let channel = 0; channel < channels; channel += 1) {
    let sum = 0;
    for (let at = channel; at < values.length; at += channels) sum += values[at] as number;
    const mean = sum / count;
    let squares = 0;
    for (let at = channel; at < values.length; at += channels) squares += ((values[at] as number) - mean) ** 2;
    const scale = squares === 0 ? 0 : 1 / Math.sqrt(squares / count);
    for (let at = channel; at < values.length; at += channels) values[at] = ((values[at] as number) - mean) * scale;
  }
}
