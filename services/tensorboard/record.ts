/**
 * TensorFlow's record format (TFRecord): length (uint64, little-endian), its checksum, the data, their checksum. A checksum is
 * a CRC-32C that is turned and shifted, because one of data that contain CRCs is weak.
 * https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 */
import { crc32c } from './crc32c.ts';

const HEAD_BYTES = 12;
const FOOT_BYTES = 4;

export function frame(data: Uint8Array): Buffer {
  const record = Buffer.alloc(HEAD_BYTES + data.length + FOOT_BYTES);
  record.writeBigUInt64LE(BigInt(data.length));
  record.writeUInt32LE(masked(record.subarray(0, 8)), 8);
  record.set(data, HEAD_BYTES);
  record.writeUInt32LE(masked(data), HEAD_BYTES + data.length);
  return record;
}

/** The records that are whole, and where the last of them ends: what follows was torn as the machine died. */
export function readRecords(file: Buffer): { readonly records: readonly Uint8Array[]; readonly end: number } {
  const records: Uint8Array[] = [];
  let end = 0;
  for (let next = end; ; end = next) {
    if (end + HEAD_BYTES > file.length) break;
    if (file.readUInt32LE(end + 8) !== masked(file.subarray(end, end + 8))) break;
    const begin = end + HEAD_BYTES;
    const data = file.subarray(begin, begin + Number(file.readBigUInt64LE(end)));
    next = begin + data.length + FOOT_BYTES;
    if (next > file.length || file.readUInt32LE(next - FOOT_BYTES) !== masked(data)) break;
    records.push(data);
  }
  return { records, end };
}

function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
