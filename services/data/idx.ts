/**
 * The IDX format of MNIST's files: 0, 0, type, dimension count, then each dimension (uint32, big-endian), then values.
 */
import type { GanglionError } from '../errors/ganglionError.ts';
import { brokenFile } from './brokenFile.ts';

export interface IdxFile {
  /** Sizes, outermost first. */
  readonly dimensions: readonly number[];
  /** Values, row by row; shares memory with the file's bytes. */
  readonly values: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/** Parses a whole file of unsigned bytes. Throws `dataset` with the byte offset of what is wrong. */
export function parseIdx(file: string, bytes: Uint8Array, dimensionCount: number): IdxFile {
  const headerBytes = 4 + 4 * dimensionCount;
  if (bytes.length < headerBytes) {
    throw broken(file, bytes.length, `the file ends inside the header, which has ${headerBytes} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const expected = (UNSIGNED_BYTE << 8) | dimensionCount;
  if (magic !== expected) {
    throw broken(
      file,
      0,
      `the magic number is 0x${hex(magic)}, not 0x${hex(expected)} (bytes, ${dimensionCount} dimensions)`,
    );
  }
  const dimensions = Array.from({ length: dimensionCount }, (_, i) => view.getUint32(4 + 4 * i));
  const zero = dimensions.indexOf(0);
  if (zero >= 0) throw broken(file, 4 + 4 * zero, `dimension ${zero} is 0`);
  const valueCount = dimensions.reduce((product, size) => product * size, 1);
  const found = bytes.length - headerBytes;
  if (found !== valueCount) {
    const problem = found < valueCount ? 'the file is truncated' : 'the file is too long';
    throw broken(
      file,
      Math.min(bytes.length, headerBytes + valueCount),
      `${problem}: ${found} values for ${dimensions.join(' × ')} = ${valueCount}`,
    );
  }
  return { dimensions, values: bytes.subarray(headerBytes) };
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

function broken(file: string, offset: number, what: string): GanglionError {
  return brokenFile(
    file,
    'IDX',
    offset,
    what,
    'Get the file again (`ganglion data download` fetches it), or leave data.path out to use the MNIST that ships with Ganglion.',
  );
}
