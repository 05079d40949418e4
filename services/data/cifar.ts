/**
 * CIFAR-10 and CIFAR-100 (A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009) in their official
 * binary form: records of one label byte (two for CIFAR-100: coarse, fine) and 3072 bytes, all red, then all green, then
 * all blue, each 32 × 32 row by row.
 *
 * Splits: `train` is the official 50,000, `valid` their last 10,000 as in Goodfellow et al. 2014 (who trained on the first
 * 40,000: `count: 40000`), `test` the official 10,000.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CifarData } from '../config/dataSchema.ts';
import type { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { brokenFile } from './brokenFile.ts';
import { openRangeFile } from './rangeFile.ts';
import type { SampleSource, Split } from './source.ts';

const SIDE = 32;
const CHANNELS = 3;
const PLANE = SIDE * SIDE;
const IMAGE_BYTES = PLANE * CHANNELS;
const VALID_COUNT = 10_000;

interface Form {
  readonly folder: string;
  readonly files: Record<'train' | 'test', readonly string[]>;
  readonly recordsPerFile: Record<'train' | 'test', number>;
  /** Classes that each label byte may name. */
  readonly labelClasses: readonly number[];
}

const FORMS: Record<CifarData['dataset'], Form> = {
  cifar10: {
    folder: 'cifar-10-batches-bin',
    files: { train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`), test: ['test_batch.bin'] },
    recordsPerFile: { train: 10_000, test: 10_000 },
    labelClasses: [10],
  },
  cifar100: {
    folder: 'cifar-100-binary',
    files: { train: ['train.bin'], test: ['test.bin'] },
    recordsPerFile: { train: 50_000, test: 10_000 },
    labelClasses: [20, 100],
  },
};

/** Throws `dataset` for a missing file or one of another size; for a label that is none when it is read. */
export function cifarSource(data: CifarData, split: Split): SampleSource {
  const { dataset: name, path, labels } = data;
  const { folder, files, recordsPerFile, labelClasses } = FORMS[name];
  const part = split === 'test' ? 'test' : 'train';
  const recordBytes = labelClasses.length + IMAGE_BYTES;
  const perFile = recordsPerFile[part];
  const inside = join(path, folder);
  const place = existsSync(inside) ? inside : path;
  const opened = files[part].map((file) => {
    const found = openRangeFile(join(place, file));
    if (found.bytes !== perFile * recordBytes) throw wrongSize(found.path, found.bytes, perFile, recordBytes);
    return found;
  });
  const total = perFile * opened.length;
  const first = split === 'valid' ? total - VALID_COUNT : 0;
  const placeOf = (index: number) => {
    const record = first + index;
    return { file: must(opened[Math.floor(record / perFile)], 'batch'), position: (record % perFile) * recordBytes };
  };
  const labelByte = data.dataset === 'cifar100' && data.labelKind === 'fine' ? 1 : 0;
  const classes = must(labelClasses[labelByte], 'classes');
  const planes = new Uint8Array(IMAGE_BYTES);
  const label = new Uint8Array(1);
  return {
    ...{ name, size: total - first, shape: [SIDE, SIDE, CHANNELS], type: 'uint8', classes: labels ? classes : 0 },
    read(index, into, offset) {
      const { file, position } = placeOf(index);
      file.read(position + labelClasses.length, planes);
      for (let channel = 0; channel < CHANNELS; channel++) {
        for (let i = 0; i < PLANE; i++) into[offset + CHANNELS * i + channel] = planes[channel * PLANE + i] as number;
      }
    },
    label(index) {
      const { file, position } = placeOf(index);
      file.read(position + labelByte, label);
      const found = must(label[0], 'label');
      if (found < classes) return found;
      throw broken(file.path, position + labelByte, `the label is ${found}; labels are 0 to ${classes - 1}`);
    },
  };
}

function wrongSize(file: string, bytes: number, records: number, recordBytes: number): GanglionError {
  const expected = records * recordBytes;
  const problem = bytes < expected ? 'the file is truncated' : 'the file is too long';
  return broken(
    file,
    Math.min(bytes, expected),
    `${problem}: it has ${bytes} bytes, ${records} records of ${recordBytes} are ${expected}`,
  );
}

function broken(file: string, offset: number, what: string): GanglionError {
  return brokenFile(
    file,
    'CIFAR',
    offset,
    what,
    'Get it again: `ganglion data download` fetches the official archive.',
  );
}
