/** Samples of a run as files in its folder: a grid of images, or points as a picture and as they are. */
import type { RunConfig } from '../config/runConfig.ts';
import type { TrainingSet } from '../data/dataset.ts';
import { epochPermutation } from '../data/permutation.ts';
import { decodeRows } from '../data/rowFormat.ts';
import { valuesIn } from '../gan/shapes.ts';
import { encodeGrid } from '../picture/grid.ts';
import { modesOf } from '../sampling/modes.ts';

/** Samples of the data that a picture of points shows beside the fakes. */
const REALS = 2000;

/** By file name. @param samples bytes of a grid's samples: uint8, or float32 little-endian, as the data's. */
export async function snapshotFiles(
  { config, dataset }: { readonly config: RunConfig; readonly dataset: TrainingSet },
  name: string,
  title: string,
  samples: Uint8Array,
): Promise<ReadonlyMap<string, Buffer>> {
  const { rows, columns } = config.snapshots;
  const [height = 1, width = 1, channels = 1] = dataset.shape;
  const isImage = dataset.shape.length === 3 && (channels === 1 || channels === 3);
  const isFloat = dataset.format.type === 'float32';
  const values = isFloat ? floatsOf(samples) : Float32Array.from(samples);
  const files = new Map<string, Buffer>();
  if (isImage) {
    const pixels = isFloat ? stretched(values) : samples;
    files.set(`${name}.png`, encodeGrid(pixels, { height, width, channels, rows, columns }));
    if (!isFloat) return files;
  }
  // Loaded where it is needed: a run of images draws no points.
  const { encodeNpy, pointsPng } = await import('../picture/snapshot.ts');
  const size = valuesIn(dataset.shape);
  const { seed } = config;
  const picture = { title, size, fakes: values, reals: realValues(dataset, seed, REALS), modes: modesOf(config) };
  if (!isImage) files.set(`${name}.png`, pointsPng(picture));
  return files.set(`${name}.npy`, encodeNpy(values, [values.length / size, ...dataset.shape]));
}

/** The first samples of the run's first epoch, as they lie in the data: those of a grid. */
export function realSamples(dataset: TrainingSet, seed: number, count: number): Uint8Array {
  const values = realValues(dataset, seed, count);
  return dataset.format.type === 'uint8' ? Uint8Array.from(values) : new Uint8Array(values.buffer);
}

/** The same as numbers. */
export function realValues(dataset: TrainingSet, seed: number, count: number): Float32Array {
  const { size, format } = dataset;
  const order = epochPermutation(seed, 0, size);
  const rows = new Uint8Array(count * format.rowBytes);
  for (let i = 0; i < count; i += 1) dataset.read(order(i % size), rows, i * format.rowBytes);
  return decodeRows(format, rows).values;
}

/** Node.js runs on little-endian machines only: the message's bytes are the memory's. */
function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}

/** Floats have no black and no white of their own: the least and the greatest are. */
function stretched(values: Float32Array): Uint8Array {
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const greatest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const scale = 255 / (greatest - least || 1);
  return new Uint8Array(Uint8ClampedArray.from(values, (value) => (value - least) * scale).buffer);
}
