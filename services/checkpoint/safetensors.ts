/**
 * The safetensors format: header length (uint64, little-endian), header (JSON, padded with spaces to 8 bytes), then the
 * tensors' bytes without gaps. Ours hold float32 only, in the canonical order of the state.
 */
import { GanglionError } from '../errors/ganglionError.ts';

export interface TensorSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Safetensors {
  readonly tensors: readonly TensorSpec[];
  readonly metadata: Readonly<Record<string, string>>;
  /** All tensors' bytes, in the order of `tensors`; shares memory with the file's. */
  readonly data: Uint8Array;
}

/** A header is a few hundred names; more than this is no header. */
const HEADER_BYTES_MAX = 16 * 1024 * 1024;

interface Entry {
  readonly dtype: string;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/** The bytes before the data. */
export function encodeHeader(tensors: readonly TensorSpec[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, shape } of tensors) {
    const end = offset + byteLength(shape);
    entries[name] = { dtype: 'F32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = JSON.stringify(entries);
  const padded = Buffer.from(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded]);
}

/** Parses and checks a whole file. Throws `corrupt` with the file's name and what is wrong. */
export function decodeSafetensors(file: string, bytes: Uint8Array): Safetensors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw corrupt(file, `it has ${bytes.length} bytes, less than a header's length`);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > Math.min(HEADER_BYTES_MAX, bytes.length - 8)) {
    throw corrupt(file, `its header is said to have ${headerBytes} bytes, the file has ${bytes.length}`);
  }
  const entries = parseHeader(file, bytes.subarray(8, 8 + headerBytes));
  const { __metadata__: metadata = {}, ...named } = entries as Record<string, Entry> & {
    __metadata__?: Record<string, string>;
  };
  const data = bytes.subarray(8 + headerBytes);
  const inOrder = Object.entries(named).sort(([, a], [, b]) => (a.data_offsets?.[0] ?? 0) - (b.data_offsets?.[0] ?? 0));
  let offset = 0;
  for (const [name, entry] of inOrder) {
    offset = checkEntry(file, name, entry, offset);
  }
  if (offset !== data.length) throw corrupt(file, `its tensors have ${offset} bytes, its data ${data.length}`);
  return { tensors: inOrder.map(([name, { shape }]) => ({ name, shape })), metadata, data };
}

function parseHeader(file: string, bytes: Uint8Array): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (typeof header === 'object' && header !== null) return header as Record<string, unknown>;
  } catch (error) {
    throw corrupt(file, `its header is not JSON (${(error as Error).message})`);
  }
  throw corrupt(file, 'its header is not a JSON object');
}

/** Returns where the next tensor must begin. */
function checkEntry(file: string, name: string, entry: Entry, offset: number): number {
  if (entry.dtype !== 'F32') throw corrupt(file, `tensor '${name}' is ${entry.dtype}, not F32`);
  if (!Array.isArray(entry.shape) || !Array.isArray(entry.data_offsets)) {
    throw corrupt(file, `tensor '${name}' has no shape or no place`);
  }
  const [begin, end] = entry.data_offsets;
  if (begin !== offset) throw corrupt(file, `tensor '${name}' begins at ${begin}, not at ${offset}`);
  if (end - begin !== byteLength(entry.shape)) {
    throw corrupt(file, `tensor '${name}' of shape [${entry.shape}] has ${end - begin} bytes, not ${byteLength(entry.shape)}`);
  }
  return end;
}

function byteLength(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 4);
}

function corrupt(file: string, what: string): GanglionError {
  return new GanglionError({
    code: 'corrupt',
    message: `${file} is not a whole safetensors file: ${what}.`,
    remedy: 'Go on from an older checkpoint; `ganglion checkpoints verify` says which are whole.',
  });
}
