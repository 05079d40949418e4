/**
 * The safetensors format: header length (uint64, little-endian), header (JSON, padded with spaces to 8 bytes), then the
 * tensors' bytes without gaps. Ours hold float32 only, in the canonical order of the state.
 */
import { z } from 'zod';
import { GanglionError } from '../errors/ganglionError.ts';
import { invariant } from '../errors/invariant.ts';

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

const size = z.number().int().min(0);
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(size),
  /** First byte of the tensor and the byte after its last, counted from the end of the header. */
  data_offsets: z.tuple([size, size]),
});
const headerSchema = z.object({ __metadata__: z.record(z.string(), z.string()).default({}) }).catchall(entrySchema);
type Entry = z.output<typeof entrySchema>;

/** The bytes before the data. */
export function encodeHeader(tensors: readonly TensorSpec[], metadata: Readonly<Record<string, string>>): Uint8Array {
  invariant(new Set(tensors.map(({ name }) => name)).size === tensors.length, 'tensors have names of their own');
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
  const { __metadata__: metadata, ...named } = parseHeader(file, bytes.subarray(8, 8 + headerBytes));
  const data = bytes.subarray(8 + headerBytes);
  // By end where two begin together: a tensor without values comes before the one that follows it.
  const inOrder = Object.entries(named).sort(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  );
  let offset = 0;
  for (const [name, entry] of inOrder) {
    offset = checkEntry(file, name, entry, offset);
  }
  if (offset !== data.length) throw corrupt(file, `its tensors have ${offset} bytes, its data ${data.length}`);
  return { tensors: inOrder.map(([name, { shape }]) => ({ name, shape })), metadata, data };
}

function parseHeader(file: string, bytes: Uint8Array): z.output<typeof headerSchema> {
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (error) {
    throw corrupt(file, `its header is not JSON (${(error as Error).message})`);
  }
  const parsed = headerSchema.safeParse(header);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw corrupt(file, `its header has a wrong ${issue?.path.join('.') || 'form'} (${issue?.message})`);
}

/** Returns where the next tensor must begin: there are neither gaps nor overlaps. */
function checkEntry(file: string, name: string, entry: Entry, offset: number): number {
  if (entry.dtype !== 'F32') throw corrupt(file, `tensor '${name}' is ${entry.dtype}, not F32`);
  const [begin, end] = entry.data_offsets;
  if (begin !== offset) throw corrupt(file, `tensor '${name}' begins at ${begin}, not at ${offset}`);
  const expected = byteLength(entry.shape);
  if (end - begin !== expected) {
    throw corrupt(file, `tensor '${name}' of shape [${entry.shape}] has ${end - begin} bytes, not ${expected}`);
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
