/** IDX files in a folder, plain or packed by gzip. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { GanglionError } from '../errors/ganglionError.ts';
import { unreadable } from './brokenFile.ts';
import { type IdxFile, parseIdx } from './idx.ts';

/** What a .gz may grow to: MNIST's is 47 MB; more than this is not it, and would only fill the memory. */
const UNPACKED_BYTES_MAX = 1024 ** 3;

/** Reads `name` or `name.gz`. Throws `dataset` where it is missing or broken. */
export function readIdx(folder: string, name: string, dimensionCount: number): IdxFile {
  const plain = join(folder, name);
  const file = [plain, `${plain}.gz`].find((path) => existsSync(path));
  if (!file) {
    throw new GanglionError({
      code: 'dataset',
      message: `There is no ${name} (or .gz) in ${dirname(plain)}.`,
      remedy:
        'Put the official file there (`ganglion data download` fetches it), or leave data.path out to use the MNIST that ships with Ganglion.',
    });
  }
  return parseIdx(file, readWhole(file), dimensionCount);
}

function readWhole(file: string): Uint8Array {
  try {
    const bytes = readFileSync(file);
    return file.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: UNPACKED_BYTES_MAX }) : bytes;
  } catch (error) {
    throw unreadable(file, error);
  }
}
