/**
 * Sliced Wasserstein distance (Rabin et al. 2011): the mean over 4 × 128 random directions of the distance between both
 * sets' projections, each sorted. Of images as Karras et al. 2018 compare them: patches of each level of a Laplacian pyramid,
 * times 1000, and the mean over the levels.
 */
import { invariant, must } from '../errors/invariant.ts';
import type { Tf } from '../gan/kernels.ts';
import { fillNormal } from '../random/normal.ts';
import { type ImageShape, laplacianPyramid } from './laplacianPyramid.ts';
import { type Matrix, rowsOf } from './matrix.ts';
import { patchDescriptors, patchPlaces } from './patches.ts';
import { productWith } from './product.ts';
import { RadixSort } from './radixSort.ts';

const DIRECTIONS = 4 * 128;
/** Projections held at once: 64 MB for each of the two sets. */
const PROJECTIONS_MAX = 16 * 1024 * 1024;

export interface ImageSwd {
  /** × 1000. */
  readonly mean: number;
  /** × 1000, of each level, by its height. */
  readonly levels: Readonly<Record<string, number>>;
}

/** Of points, in their own unit. */
export function pointSwd(tf: Tf, real: Matrix, fake: Matrix, seed: number): number {
  return slicedWasserstein(tf, real, fake, randomDirections(seed, 0, real.columns));
}

export function imageSwd(tf: Tf, real: Matrix, fake: Matrix, shape: ImageShape, seed: number): ImageSwd {
  const count = Math.min(real.rows, fake.rows);
  const [reals, fakes] = [real, fake].map((images) => laplacianPyramid(rowsOf(images, 0, count), shape));
  const levels: Record<string, number> = {};
  for (const [index, level] of must(reals, 'reals').entries()) {
    const places = patchPlaces(seed, index, count, level.shape);
    const descriptors = patchDescriptors(level, places);
    const others = patchDescriptors(must(must(fakes, 'fakes')[index], 'level'), places);
    const directions = randomDirections(seed, index, descriptors.columns);
    levels[level.shape.height] = 1000 * slicedWasserstein(tf, descriptors, others, directions);
  }
  const all = Object.values(levels);
  return { mean: all.reduce((sum, value) => sum + value, 0) / all.length, levels };
}

/** @param directions one a row, of length 1. Of as many rows as the smaller set has. */
export function slicedWasserstein(tf: Tf, a: Matrix, b: Matrix, directions: Matrix): number {
  invariant(a.columns === b.columns && a.columns === directions.columns, 'sets and directions of one size');
  const count = Math.min(a.rows, b.rows);
  const sort = new RadixSort(count);
  const onDevice = ({ values, columns }: Matrix) => {
    return tf.tensor2d(values.subarray(0, count * columns), [count, columns]);
  };
  const [a_NC, b_NC] = [onDevice(a), onDevice(b)] as const;
  try {
    const atOnce = Math.max(1, Math.floor(PROJECTIONS_MAX / count));
    let sum = 0;
    for (let first = 0; first < directions.rows; first += atOnce) {
      const some = rowsOf(directions, first, Math.min(atOnce, directions.rows - first));
      const [ofA, ofB] = [productWith(tf, some, a_NC), productWith(tf, some, b_NC)];
      for (let direction = 0; direction < some.rows; direction += 1) {
        const [x, y] = [ofA, ofB].map((all) => all.subarray(direction * count, (direction + 1) * count));
        sum += distanceOfSorted(must(x, 'x'), must(y, 'y'), sort);
      }
    }
    return sum / directions.rows;
  } finally {
    tf.dispose([a_NC, b_NC]);
  }
}

/** Mean distance of the i-th smallest to the i-th smallest. Sorts both in place. */
function distanceOfSorted(x: Float32Array, y: Float32Array, sort: RadixSort): number {
  sort.sort(x);
  sort.sort(y);
  let sum = 0;
  for (let i = 0; i < x.length; i += 1) sum += Math.abs((x[i] as number) - (y[i] as number));
  return sum / x.length;
}

function randomDirections(seed: number, level: number, columns: number): Matrix {
  const values = new Float32Array(DIRECTIONS * columns);
  const rows = { first: 0, count: DIRECTIONS, width: columns };
  fillNormal({ seed, stream: 'evaluationDirections', phase: 0, layer: level }, rows, values);
  for (let row = 0; row < DIRECTIONS; row += 1) {
    const direction = values.subarray(row * columns, (row + 1) * columns);
    const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
    for (let i = 0; i < columns; i += 1) direction[i] = (direction[i] as number) / length;
  }
  return { rows: DIRECTIONS, columns, values };
}
