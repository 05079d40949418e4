/** A NumPy array as a data set; its samples are read by range, so that it may be larger than memory. */
import type { NpyData } from '../config/dataSchema.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { Shape } from '../gan/shapes.ts';
import { brokenNpy, type NpyHeader, readNpyHeader } from './npyHeader.ts';
import { openRangeFile, type RangeFile } from './rangeFile.ts';
import type { SampleSource } from './source.ts';

const VALUE_BYTES = { '|u1': 1, '<f4': 4, '<f8': 8 } as const;
const LABEL_BYTES = { '|u1': 1, '|i1': 1, '<u2': 2, '<i2': 2, '<u4': 4, '<i4': 4, '<i8': 8 } as const;

/** What a label has room for on the wire. */
const CLASSES_MAX = 65_536;

/** Throws `dataset`: for a broken header at once, for a NaN when its sample is read. */
export function npySource(data: NpyData): SampleSource {
  const file = openRangeFile(data.path);
  const header = readNpyHeader(file, VALUE_BYTES);
  const [size = 0, ...rest] = header.shape;
  if (rest.length > 3) {
    throw brokenNpy(file, 0, `it has ${header.shape.length} dimensions; a sample is at most [height, width, channels]`);
  }
  const labels = data.labels ? readLabels(must(data.labelsPath, 'labelsPath'), data.path, size) : undefined;
  const shape = sampleShape(rest);
  const values = shape.reduce((product, count) => product * count, 1);
  return {
    ...{ name: data.dataset, size, shape, type: header.descr === '|u1' ? 'uint8' : 'float32' },
    classes: labels ? 1 + labels.reduce((most, label) => Math.max(most, label), 0) : 0,
    read: sampleReader(file, header, values),
    label: (index) => must(labels?.[index], 'label'),
  };
}

function sampleShape(rest: readonly number[]): Shape {
  if (rest.length === 0) return [1];
  return rest.length === 2 ? [...rest, 1] : rest;
}

function sampleReader(file: RangeFile, { descr, dataOffset }: NpyHeader, values: number): SampleSource['read'] {
  if (descr === '|u1') {
    return (index, into, offset) => file.read(dataOffset + index * values, into.subarray(offset, offset + values));
  }
  const bytesEach = descr === '<f4' ? 4 : 8;
  const raw = new Uint8Array(values * bytesEach);
  const view = new DataView(raw.buffer);
  return (index, into, offset) => {
    const position = dataOffset + index * raw.length;
    file.read(position, raw);
    const out = new DataView(into.buffer, into.byteOffset, into.byteLength);
    for (let i = 0; i < values; i++) {
      const value = bytesEach === 4 ? view.getFloat32(4 * i, true) : view.getFloat64(8 * i, true);
      if (!Number.isFinite(Math.fround(value))) throw notFinite(file, position + i * bytesEach, index, value);
      out.setFloat32(offset + 4 * i, value, true);
    }
  };
}

function notFinite(file: RangeFile, offset: number, index: number, value: number): GanglionError {
  return new GanglionError({
    code: 'dataset',
    message: `${file.path}: at byte ${offset}, sample ${index} has the value ${value}; allowed: numbers that a float32 holds.`,
    remedy: 'Take such samples out, or replace their values.',
  });
}

function readLabels(path: string, samplesPath: string, size: number): Float64Array {
  const file = openRangeFile(path);
  const { descr, shape, dataOffset } = readNpyHeader(file, LABEL_BYTES);
  if (shape.length !== 1 || shape[0] !== size) {
    throw brokenNpy(
      file,
      0,
      `its shape is [${shape.join(', ')}]; [${size}] is needed, a label for each sample of ${samplesPath}`,
    );
  }
  const bytesEach = LABEL_BYTES[descr as keyof typeof LABEL_BYTES];
  const raw = new Uint8Array(size * bytesEach);
  file.read(dataOffset, raw);
  const view = new DataView(raw.buffer);
  return Float64Array.from({ length: size }, (_, index) => {
    const label = integerAt(view, index * bytesEach, descr);
    if (label >= 0 && label < CLASSES_MAX) return label;
    const offset = dataOffset + index * bytesEach;
    throw brokenNpy(file, offset, `label ${index} is ${label}; labels are whole numbers from 0 to ${CLASSES_MAX - 1}`);
  });
}

function integerAt(view: DataView, offset: number, descr: string): number {
  switch (descr) {
    case '|u1':
      return view.getUint8(offset);
    case '|i1':
      return view.getInt8(offset);
    case '<u2':
      return view.getUint16(offset, true);
    case '<i2':
      return view.getInt16(offset, true);
    case '<u4':
      return view.getUint32(offset, true);
    case '<i4':
      return view.getInt32(offset, true);
    default:
      return Number(view.getBigInt64(offset, true));
  }
}
