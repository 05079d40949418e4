/** Samples as a picture: a grid of images, or points. */
import type { RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { type Normalisation, toBytes } from '../gan/normalisation.ts';
import { type Shape, valuesIn } from '../gan/shapes.ts';
import { encodeGrid, GAP_GREY } from '../picture/grid.ts';
import { pointsPng } from '../picture/snapshot.ts';
import { modesOf } from './modes.ts';
import { openTrainingSamples } from './trainingSamples.ts';

export interface GridLayout {
  readonly normalize: Normalisation;
  readonly columns: number;
  /** Columns at the right that are framed. */
  readonly marked?: number;
}

/** Samples of the data beside the fakes of a points picture. */
const REALS_MAX = 5000;
/** Images so small are drawn larger, up to this many pixels. */
const SIDE_MIN = 56;
const SCALE_MAX = 8;

/** Normalised images [count, height, width, channels] as a PNG, row by row. Throws `refused` for what is no image. */
export function imageGrid(shape: Shape, values: Float32Array, { normalize, columns, marked = 0 }: GridLayout): Buffer {
  const { height, width, channels } = imageShape(shape);
  const count = values.length / valuesIn(shape);
  const rows = Math.ceil(count / columns);
  const pixels = new Uint8Array(rows * columns * valuesIn(shape)).fill(GAP_GREY);
  pixels.set(toBytes(values, valuesIn(shape), normalize));
  const scale = Math.max(1, Math.min(SCALE_MAX, Math.ceil(SIDE_MIN / Math.max(height, width))));
  return encodeGrid(pixels, { width, height, channels, rows, columns, scale, marked });
}

/** Throws `refused` where a sample is no image. */
export function imageShape(shape: Shape): { height: number; width: number; channels: 1 | 3 } {
  const [height = 0, width = 0, channels = 0] = shape;
  if (shape.length === 3 && (channels === 1 || channels === 3)) return { height, width, channels };
  throw new GanglionError({
    code: 'refused',
    message: `Samples of shape [${shape.join(', ')}] are no images; [height, width, 1 or 3] are.`,
    remedy: 'Write them to a .npy or .safetensors file with `ganglion sample`.',
  });
}

/** Points of one or more values, beside samples of the data, as a PNG. */
export function samplePoints(config: RunConfig, title: string, shape: Shape, fakes: Float32Array): Buffer {
  const training = openTrainingSamples(config);
  const reals = training.read(0, Math.min(training.size, REALS_MAX));
  return pointsPng({ title, size: valuesIn(shape), fakes, reals, modes: modesOf(config) });
}
