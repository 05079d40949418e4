/** Grids that say something about G: walks between latents, and samples beside their nearest training samples. */
import { must } from '../errors/invariant.ts';
import { classesOf } from '../gan/labels.ts';
import { valuesIn } from '../gan/shapes.ts';
import type { Gan } from './gan.ts';
import { type Interpolation, interpolate } from './interpolation.ts';
import { type Neighbour, nearestNeighbours } from './neighbours.ts';
import { imageGrid, imageShape } from './picture.ts';
import { openTrainingSamples } from './trainingSamples.ts';

export interface WalksRequest {
  readonly seed: number;
  readonly steps: number;
  readonly rows: number;
  readonly mode: Interpolation;
}

/** A walk a row: row r goes from latent 2r to latent 2r + 1 of the seed. PNG. Throws `refused` for what is no image. */
export function interpolationGrid(gan: Gan, { seed, steps, rows, mode }: WalksRequest): Buffer {
  imageShape(gan.shape);
  const { size } = gan.config.latent;
  const ends = gan.latents(seed, 0, 2 * rows);
  const end = (index: number) => ends.subarray(index * size, (index + 1) * size);
  const path = new Float32Array(rows * steps * size);
  for (let row = 0; row < rows; row += 1) {
    path.set(interpolate(end(2 * row), end(2 * row + 1), steps, mode), row * steps * size);
  }
  const { normalize } = gan.config.data;
  const classes = classesOf(gan.config);
  // A walk keeps to a class.
  const labels =
    classes === 0 ? undefined : Array.from({ length: rows * steps }, (_, i) => Math.floor(i / steps) % classes);
  return imageGrid(gan.shape, gan.fromLatents(path, labels), { normalize, columns: steps });
}

export interface NeighboursRequest {
  readonly seed: number;
  readonly rows: number;
  /** Samples in a row; the neighbour stands behind them. */
  readonly columns: number;
}

export interface NeighboursGrid {
  readonly png: Buffer;
  /** Of the last sample in each row. */
  readonly nearest: readonly Neighbour[];
}

/**
 * Samples, and at the end of each row, framed, the training sample that is nearest to the row's last one: figure 2 of
 * Goodfellow et al. 2014. Throws `refused` for what is no image.
 */
export function neighboursGrid(gan: Gan, { seed, rows, columns }: NeighboursRequest): NeighboursGrid {
  imageShape(gan.shape);
  const size = valuesIn(gan.shape);
  const samples = gan.sample({ seed, first: 0, count: rows * columns });
  const sample = (index: number) => samples.subarray(index * size, (index + 1) * size);
  const last = new Float32Array(rows * size);
  for (let row = 0; row < rows; row += 1) last.set(sample((row + 1) * columns - 1), row * size);
  const training = openTrainingSamples(gan.config);
  const nearest = nearestNeighbours(last, training);
  const cells = new Float32Array(rows * (columns + 1) * size);
  for (let row = 0; row < rows; row += 1) {
    const begin = row * (columns + 1) * size;
    cells.set(samples.subarray(row * columns * size, (row + 1) * columns * size), begin);
    cells.set(training.read(must(nearest[row], 'neighbour').index, 1), begin + columns * size);
  }
  return {
    png: imageGrid(gan.shape, cells, { normalize: gan.config.data.normalize, columns: columns + 1, marked: 1 }),
    nearest,
  };
}
