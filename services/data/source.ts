/** Samples as they lie on disk, read by index: what a run's data set is before anything is done to it. */
import type { RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { invariant } from '../errors/invariant.ts';
import type { Shape } from '../gan/shapes.ts';
import { cifarSource } from './cifar.ts';
import { csvSource } from './csv.ts';
import { imageFolderSource } from './imageFolder.ts';
import { mixtureSource } from './mixtureSource.ts';
import { mnistSource } from './mnist.ts';
import { npySource } from './npy.ts';
import { ownSplit } from './ownSplits.ts';
import { stackedMnistSource } from './stackedMnist.ts';

export type Split = 'train' | 'valid' | 'test';

export interface SampleSource {
  readonly name: string;
  /** Samples. */
  readonly size: number;
  /** Of one sample: [values] or [height, width, channels]. */
  readonly shape: Shape;
  readonly type: 'uint8' | 'float32';
  /** 0 where samples have no labels, or the config asks for none. */
  readonly classes: number;
  /** Writes the values of sample `index` to `into[offset …]`: bytes, or float32 little-endian. */
  read(index: number, into: Uint8Array, offset: number): void;
  /** 0 … classes − 1. */
  label(index: number): number;
}

/**
 * Opens what the config names: of the training samples the asked-for range, of the others all. Throws `dataset` for a
 * missing or broken file, or a range beyond the data.
 */
export function openSource(data: RunConfig['data'], split: Split): SampleSource {
  const whole = openWhole(data, split);
  return split === 'train' ? rangeOf(whole, data) : rangeOf(whole, { first: 0 });
}

function openWhole(data: RunConfig['data'], split: Split): SampleSource {
  switch (data.dataset) {
    case 'mnist':
    case 'fashion-mnist':
      return mnistSource(data, split);
    case 'stacked-mnist':
      return stackedMnistSource(data, split);
    case 'cifar10':
    case 'cifar100':
      return cifarSource(data, split);
    case 'image-folder':
      return imageFolderSource(data, split);
    case 'npy':
      return ownSplit(npySource(data), data, split);
    case 'csv':
      return ownSplit(csvSource(data), data, split);
    case 'ring':
    case 'grid':
    case 'mixture':
      return mixtureSource(data, split);
  }
}

/** Bytes of one sample of a source. */
export function bytesPerSample({ shape, type }: Pick<SampleSource, 'shape' | 'type'>): number {
  return shape.reduce((product, size) => product * size, type === 'uint8' ? 1 : 4);
}

function rangeOf(source: SampleSource, { first, count }: { first: number; count?: number | undefined }): SampleSource {
  const { name, size: total, shape, type, classes } = source;
  const size = count ?? total - first;
  if (size <= 0 || first + size > total) {
    const asked = count === undefined ? 'the samples' : `${count} samples`;
    throw new GanglionError({
      code: 'dataset',
      message: `data: ${asked} from ${first} on were asked for; ${name} has ${total}.`,
      remedy: `Choose data.first and data.count with first + count ≤ ${total}.`,
    });
  }
  const placeOf = (index: number) => {
    invariant(Number.isInteger(index) && index >= 0 && index < size, `sample ${index} is one of ${size}`);
    return first + index;
  };
  return {
    ...{ name, size, shape, type, classes },
    read: (index, into, offset) => source.read(placeOf(index), into, offset),
    label(index) {
      invariant(classes > 0, `${name} has labels`);
      return source.label(placeOf(index));
    },
  };
}
