/**
 * The header of NumPy's .npy format (numpy.lib.format, versions 1 to 3): 0x93 NUMPY, major, minor, the header's length
 * (uint16 or, from version 2 on, uint32; little-endian), then a Python dict: descr, fortran_order, shape.
 */
import { brokenFile } from './brokenFile.ts';
import type { RangeFile } from './rangeFile.ts';

export interface NpyHeader {
  /** Such as `|u1`, `<f4`. */
  readonly descr: string;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly dataOffset: number;
}

const MAGIC = '\x93NUMPY';
/** Ours have three fields; a header of a structured type may be long, but is none of ours. */
const HEADER_BYTES_MAX = 64 * 1024;

/** @param itemBytes by descr: the types that are allowed. Throws `dataset` with the offset of what is wrong. */
export function readNpyHeader(file: RangeFile, itemBytes: Readonly<Record<string, number>>): NpyHeader {
  const start = read(file, 0, 12);
  const magic = latin(start.subarray(0, 6));
  if (magic !== MAGIC) throw brokenNpy(file, 0, `the magic is ${JSON.stringify(magic)}, not ${JSON.stringify(MAGIC)}`);
  const [major = 0, minor = 0] = start.subarray(6, 8);
  if (major < 1 || major > 3 || minor !== 0) {
    throw brokenNpy(file, 6, `the version is ${major}.${minor}; 1.0, 2.0 and 3.0 are known`);
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const [lengthEnd, length] = major === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > HEADER_BYTES_MAX)
    throw brokenNpy(file, 8, `the header has ${length} bytes; at most ${HEADER_BYTES_MAX} are read`);
  const text = latin(read(file, lengthEnd, length));
  const offsetOf = (key: string) => lengthEnd + Math.max(0, text.indexOf(key));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const allowed = Object.keys(itemBytes).join(', ');
  const bytesEach = itemBytes[descr ?? ''];
  if (descr === undefined || bytesEach === undefined) {
    throw brokenNpy(
      file,
      offsetOf("'descr'"),
      `the type is ${descr ?? 'not told'}; allowed: ${allowed} (cast with .astype before np.save)`,
    );
  }
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const numbers = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (numbers === undefined) throw brokenNpy(file, offsetOf("'shape'"), 'the header tells no shape');
  const shape = numbers
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map((size) => Number.parseInt(size, 10));
  // One dimension has one order.
  if (order !== 'False' && shape.length > 1) {
    throw brokenNpy(
      file,
      offsetOf("'fortran_order'"),
      'the values are in Fortran order (save np.ascontiguousarray of them)',
    );
  }
  const zero = shape.indexOf(0);
  if (shape.length === 0 || zero >= 0) {
    throw brokenNpy(
      file,
      offsetOf("'shape'"),
      shape.length === 0 ? 'it is one number, not an array' : `dimension ${zero} is 0`,
    );
  }
  const dataOffset = lengthEnd + length;
  const expected = dataOffset + shape.reduce((product, size) => product * size, bytesEach);
  if (file.bytes !== expected) {
    const problem = file.bytes < expected ? 'the file is truncated' : 'the file is too long';
    throw brokenNpy(
      file,
      Math.min(file.bytes, expected),
      `${problem}: ${shape.join(' × ')} values of ${bytesEach} bytes end at ${expected}`,
    );
  }
  return { descr, shape, dataOffset };
}

export function brokenNpy(file: RangeFile, offset: number, what: string) {
  return brokenFile(file.path, '.npy', offset, what, 'Write it again with np.save.');
}

function read(file: RangeFile, position: number, length: number): Uint8Array {
  if (position + length > file.bytes) {
    throw brokenNpy(file, file.bytes, `the file ends inside the header, which has ${position + length} bytes or more`);
  }
  const bytes = new Uint8Array(length);
  file.read(position, bytes);
  return bytes;
}

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
