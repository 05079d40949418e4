/**
 * Both sides of a comparison, in one unit: bytes as [0, 1] whatever G was trained on, floats as they are. Only what `gcn` took
 * away cannot come back: there the data are brought to it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor2D } from '@tensorflow/tfjs';
import type { RunConfig } from '../config/runConfig.ts';
import type { SampleSource, Split } from '../data/source.ts';
import { bytesPerSample } from '../data/source.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import type { Tf } from '../gan/kernels.ts';
import { normalise } from '../gan/normalisation.ts';
import { valuesIn } from '../gan/shapes.ts';
import type { Matrix } from './matrix.ts';

const BYTE_MAX = 255;

/** Samples that G was not trained on, where the data set has a test split. */
export function comparedSplit(data: RunConfig['data']): Split {
  if (!('holdOut' in data) || data.holdOut.test > 0) return 'test';
  const hasFolders = data.dataset === 'image-folder' && existsSync(join(data.path, 'train'));
  return hasFolders ? 'test' : 'train';
}

/** @param indices which samples, in this order. */
export function readSamples(
  tf: Tf,
  source: SampleSource,
  indices: readonly number[],
  { normalize }: RunConfig['data'],
): Matrix {
  const columns = valuesIn(source.shape);
  const bytes = new Uint8Array(indices.length * bytesPerSample(source));
  for (const [row, index] of indices.entries()) source.read(index, bytes, row * bytesPerSample(source));
  if (source.type === 'float32') return { rows: indices.length, columns, values: new Float32Array(bytes.buffer) };
  if (normalize !== 'gcn') {
    return { rows: indices.length, columns, values: Float32Array.from(bytes, (byte) => byte / BYTE_MAX) };
  }
  const normalised = tf.tidy(() => {
    return normalise(tf, tf.tensor2d(Float32Array.from(bytes), [indices.length, columns]) as Tensor2D, 'gcn');
  });
  const values = normalised.dataSync() as Float32Array;
  normalised.dispose();
  return { rows: indices.length, columns, values };
}

/** The first `count` samples. */
export function firstOf(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** `count` of `size` samples, spread evenly: files may be sorted by what they came from. */
export function spreadOver(size: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor((index * size) / count));
}

/** What G gives, in the data's unit. Throws `refused` where a value is not finite. */
export function comparable(
  values: Float32Array,
  columns: number,
  data: RunConfig['data'],
  type: 'uint8' | 'float32',
): Matrix {
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    throw new GanglionError({
      code: 'refused',
      message: `G’s sample ${Math.floor(wrong / columns)} has the value ${values[wrong]}: there is nothing to measure.`,
      remedy: 'Evaluate an older checkpoint: --phase names one.',
    });
  }
  return {
    rows: values.length / columns,
    columns,
    values: type === 'float32' ? values : inUnit(values, data.normalize),
  };
}

function inUnit(values: Float32Array, normalize: RunConfig['data']['normalize']): Float32Array {
  switch (normalize) {
    case 'unit':
    case 'gcn':
      return values;
    case 'symmetric':
      return values.map((value) => (value + 1) / 2);
    case 'none':
      return values.map((value) => value / BYTE_MAX);
  }
}
