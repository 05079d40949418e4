/** The training samples as the networks see them, for tools that hold samples of G against them. */
import type { RunConfig } from '../config/runConfig.ts';
import { openTrainingSet } from '../data/dataset.ts';
import { decodeRows } from '../data/rowFormat.ts';
import { normaliseOnHost } from '../gan/normalisation.ts';
import type { Shape } from '../gan/shapes.ts';

export interface TrainingSamples {
  readonly name: string;
  readonly size: number;
  /** Of one sample: [values] or [height, width, channels]. */
  readonly shape: Shape;
  /** Normalised values [count, values] of the samples from `first` on. */
  read(first: number, count: number): Float32Array;
}

/** Throws `dataset` for a missing or broken file. */
export function openTrainingSamples(config: RunConfig): TrainingSamples {
  const { name, size, shape, sampleSize, format, read } = openTrainingSet(config);
  return {
    name,
    size,
    shape,
    read: (first, count) => {
      const rows = new Uint8Array(count * format.rowBytes);
      for (let i = 0; i < count; i += 1) read(first + i, rows, i * format.rowBytes);
      return normaliseOnHost(decodeRows(format, rows).values, sampleSize, config.data.normalize);
    },
  };
}
