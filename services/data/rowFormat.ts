/**
 * A sample on the road from the data to a worker: its values (bytes, or float32 little-endian), then its class as uint16
 * little-endian where labels travel. A pure function of the config, so that both ends know it.
 */
import type { RunConfig } from '../config/runConfig.ts';
import { invariant } from '../errors/invariant.ts';

export interface RowFormat {
  readonly type: 'uint8' | 'float32';
  /** Values of a sample. */
  readonly sampleSize: number;
  readonly hasLabel: boolean;
  readonly rowBytes: number;
}

const LABEL_BYTES = 2;

export function rowFormat(data: RunConfig['data'], sampleSize: number): RowFormat {
  const type = sampleType(data);
  const valueBytes = sampleSize * (type === 'uint8' ? 1 : Float32Array.BYTES_PER_ELEMENT);
  return { type, sampleSize, hasLabel: data.labels, rowBytes: valueBytes + (data.labels ? LABEL_BYTES : 0) };
}

export interface DecodedRows {
  /** As they lie in the data, row by row: 0 … 255 where they are bytes. */
  readonly values: Float32Array;
  /** One a row. */
  readonly labels: Uint16Array | undefined;
}

export function decodeRows({ type, sampleSize, hasLabel, rowBytes }: RowFormat, rows: Uint8Array): DecodedRows {
  const count = rows.length / rowBytes;
  invariant(Number.isInteger(count), `${rows.length} bytes are rows of ${rowBytes}`);
  if (type === 'uint8' && !hasLabel) return { values: new Float32Array(rows), labels: undefined };
  const values = new Float32Array(count * sampleSize);
  const labels = hasLabel ? new Uint16Array(count) : undefined;
  const valueBytes = rowBytes - (hasLabel ? LABEL_BYTES : 0);
  // Node.js runs on little-endian machines only: the memory's bytes are the road's.
  const asBytes = new Uint8Array(values.buffer);
  for (let row = 0; row < count; row += 1) {
    const own = rows.subarray(row * rowBytes, (row + 1) * rowBytes);
    if (type === 'uint8') values.set(own.subarray(0, valueBytes), row * sampleSize);
    else asBytes.set(own.subarray(0, valueBytes), row * valueBytes);
    if (labels) labels[row] = (own[valueBytes] ?? 0) + 256 * (own[valueBytes + 1] ?? 0);
  }
  return { values, labels };
}

function sampleType({ dataset, normalize }: RunConfig['data']): RowFormat['type'] {
  switch (dataset) {
    case 'ring':
    case 'grid':
    case 'mixture':
    case 'csv':
      return 'float32';
    case 'npy':
      // The file says what it holds, and who opens it checks that the config says the same.
      return normalize === 'none' ? 'float32' : 'uint8';
    default:
      return 'uint8';
  }
}

/** Writes a class behind a row's values. */
export function writeLabel({ rowBytes }: RowFormat, label: number, into: Uint8Array, rowOffset: number): void {
  into[rowOffset + rowBytes - LABEL_BYTES] = label % 256;
  into[rowOffset + rowBytes - 1] = Math.floor(label / 256);
}
