/**
 * NumPy's .npy format, version 1.0: the magic word, the header's length (uint16, little-endian), the header (a Python dict,
 * padded with spaces to 64 bytes, ended by a newline), then the values in C order.
 */
import { invariant } from '../errors/invariant.ts';

const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
const ALIGNMENT = 64;

export type NpyType = 'float32' | 'uint16';

const DESCRIPTORS: Record<NpyType, string> = { float32: '<f4', uint16: '<u2' };

/** What comes before the values of an array of `shape`. */
export function npyHeader(type: NpyType, shape: readonly number[]): Buffer {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dict = `{'descr': '${DESCRIPTORS[type]}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const before = MAGIC.length + 2;
  const padded = Math.ceil((before + dict.length + 1) / ALIGNMENT) * ALIGNMENT - before;
  invariant(padded < 2 ** 16, 'a header of version 1.0 is below 64 KiB');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded);
  return Buffer.concat([MAGIC, length, Buffer.from(`${dict.padEnd(padded - 1)}\n`, 'latin1')]);
}

/** A whole file. */
export function encodeNpy(values: Float32Array | Uint16Array, shape: readonly number[]): Buffer {
  invariant(values.length === shape.reduce((product, size) => product * size, 1), `${values.length} values fill it`);
  const type = values instanceof Uint16Array ? 'uint16' : 'float32';
  return Buffer.concat([npyHeader(type, shape), bytesOf(values)]);
}

/** The memory as it is: Node.js runs on little-endian machines only. */
export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
