/** A training set: samples read by index, as the rows that travel to the workers. */
import type { RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { classesOf } from '../gan/labels.ts';
import { type Shape, valuesIn } from '../gan/shapes.ts';
import { type RowFormat, rowFormat, writeLabel } from './rowFormat.ts';
import { openSource, type SampleSource } from './source.ts';

export interface TrainingSet {
  readonly name: string;
  /** Samples used. */
  readonly size: number;
  /** Of one sample: [values] or [height, width, channels]. */
  readonly shape: Shape;
  /** Values in it. */
  readonly sampleSize: number;
  readonly format: RowFormat;
  /** Writes the row of sample `index` to `into[offset …]`. */
  read(index: number, into: Uint8Array, offset: number): void;
  /** Mean of each value over the samples used, in [0, 1]: of bytes / 255. */
  marginals(): Float64Array;
}

/**
 * Opens what the config names. Throws `dataset` for a missing or broken file, or a range beyond the data; `invalid-config`
 * where the networks know other classes than the data have.
 */
export function openTrainingSet(config: Pick<RunConfig, 'data' | 'generator' | 'discriminator'>): TrainingSet {
  const source = openSource(config.data, 'train');
  const { name, size, shape } = source;
  if (config.data.labels) requireClasses(source, classesOf(config));
  const sampleSize = valuesIn(shape);
  const format = rowFormat(config.data, sampleSize);
  requireType(source, format, config.data);
  return {
    ...{ name, size, shape, sampleSize, format },
    read(index, into, offset) {
      source.read(index, into, offset);
      if (format.hasLabel) writeLabel(format, source.label(index), into, offset);
    },
    marginals: () => meanOfEach(source, sampleSize),
  };
}

/** Of a file that says itself what it holds: the config tells how to take it. */
function requireType({ name, type }: SampleSource, format: RowFormat, { normalize }: RunConfig['data']): void {
  if (type === format.type) return;
  throw new GanglionError({
    code: 'invalid-config',
    message: `data.normalize is ${normalize}, which is for ${format.type}, but ${name} holds ${type}.`,
    remedy: `Set data.normalize to ${type === 'float32' ? 'none: floats are used as they are' : 'unit, symmetric or gcn'}.`,
  });
}

function requireClasses({ name, classes }: SampleSource, known: number): void {
  if (classes === known) return;
  throw new GanglionError({
    code: 'invalid-config',
    message:
      classes === 0
        ? `data.labels is true, but ${name} has no labels.`
        : `The networks know ${known} classes, but ${name} has ${classes}.`,
    remedy:
      classes === 0
        ? 'Set data.labels to false and leave out the layers that know classes.'
        : `Set classes of class-embedding and class-projection to ${classes}.`,
  });
}

function meanOfEach(source: SampleSource, sampleSize: number): Float64Array {
  const sums = new Float64Array(sampleSize);
  const sample = new Uint8Array(sampleSize);
  for (let index = 0; index < source.size; index += 1) {
    source.read(index, sample, 0);
    for (let i = 0; i < sampleSize; i += 1) sums[i] = must(sums[i], 'sum') + must(sample[i], 'value');
  }
  return sums.map((sum) => sum / source.size / 255);
}
