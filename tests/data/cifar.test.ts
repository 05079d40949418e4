/**
 * Proves that the official binary files of CIFAR are read as their page describes them: planes to pixels, labels, splits;
 * and that files of another size, or labels that are none, are refused. The files here have the official sizes and a few
 * records of known bytes; the rest are holes in the file.
 */
import { closeSync, mkdirSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSource, type Split } from '../../services/data/source.ts';
import { dataOf } from './dataOf.ts';
import { sampleOf } from './samples.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const folder = temporaryFolder();

/** A file of `records` with these ones written: labels, then red = seed, green = seed + row, blue = seed + column. */
function batch(
  name: string,
  records: number,
  labelBytes: number,
  known: Record<number, { labels: number[]; seed: number }>,
) {
  const path = join(folder.path, name);
  const recordBytes = labelBytes + 3072;
  mkdirSync(join(path, '..'), { recursive: true });
  const file = openSync(path, 'w');
  for (const [index, { labels, seed }] of Object.entries(known)) {
    const plane = (value: (row: number, column: number) => number) =>
      Array.from({ length: 1024 }, (_, i) => value(Math.floor(i / 32), i % 32));
    const record = [
      ...labels,
      ...plane(() => seed),
      ...plane((row) => seed + row),
      ...plane((_, column) => seed + column),
    ];
    writeSync(file, Uint8Array.from(record), 0, recordBytes, Number(index) * recordBytes);
  }
  closeSync(file);
  truncateSync(path, records * recordBytes);
  return path;
}

/** The same image as [32, 32, 3]. */
function image(seed: number): number[] {
  return Array.from({ length: 1024 }, (_, i) => [seed, seed + Math.floor(i / 32), seed + (i % 32)]).flat();
}

const open = (data: object, split: Split = 'train') => openSource(dataOf({ labels: true, ...data }), split);

describe('CIFAR-10', () => {
  for (let number = 1; number <= 5; number++) {
    batch(`ten/cifar-10-batches-bin/data_batch_${number}.bin`, 10_000, 1, {
      0: { labels: [number], seed: 10 * number },
      9999: { labels: [number + 4], seed: 10 * number + 1 },
    });
  }
  batch('ten/cifar-10-batches-bin/test_batch.bin', 10_000, 1, {
    3: { labels: [8], seed: 200 },
    4: { labels: [10], seed: 0 },
  });
  const ten = { dataset: 'cifar10', path: join(folder.path, 'ten') };

  it('is five batches of 10,000 images, whose planes become pixels', () => {
    const source = open(ten);
    expect(source).toMatchObject({ name: 'cifar10', size: 50_000, shape: [32, 32, 3], type: 'uint8', classes: 10 });
    for (const [index, seed, label] of [
      [0, 10, 1],
      [9_999, 11, 5],
      [10_000, 20, 2],
      [49_999, 51, 9],
    ] as const) {
      expect([...sampleOf(source, index)]).toEqual(image(seed));
      expect(source.label(index)).toBe(label);
    }
  });

  it('has the last 10,000 for validation, and its own test images', () => {
    const valid = open(ten, 'valid');
    expect([valid.size, valid.label(0), valid.label(9_999)]).toEqual([10_000, 5, 9]);
    const test = open(ten, 'test');
    expect([test.size, test.label(3)]).toEqual([10_000, 8]);
    expect([...sampleOf(test, 3)]).toEqual(image(200));
  });

  it('may lie in the folder itself', () => {
    expect(open({ ...ten, path: join(ten.path, 'cifar-10-batches-bin') }).label(10_000)).toBe(2);
  });

  it('has no label 10: the place is named', () => {
    expect(() => open(ten, 'test').label(4)).toThrow(`at byte ${4 * 3073}, the label is 10; labels are 0 to 9.`);
  });

  it.each([
    ['truncated', 10_000 * 3073 - 1, 'at byte 30729999, the file is truncated: it has 30729999 bytes, 10000 records'],
    ['too long', 10_000 * 3073 + 1, 'at byte 30730000, the file is too long'],
    ['empty', 0, 'at byte 0, the file is truncated'],
  ])('is refused where a batch is %s', (name, bytes, sentence) => {
    const path = join(folder.path, name);
    truncateSync(batch(`${name}/test_batch.bin`, 10_000, 1, {}), bytes);
    expect(() => open({ ...ten, path }, 'test')).toThrow(
      `${path}/test_batch.bin is not a whole CIFAR file: ${sentence}`,
    );
    expect(() => open({ ...ten, path })).toThrow('data_batch_1.bin cannot be read: ENOENT');
  });
});

describe('CIFAR-100', () => {
  batch('hundred/train.bin', 50_000, 2, { 7: { labels: [19, 99], seed: 1 }, 8: { labels: [20, 99], seed: 1 } });
  batch('hundred/test.bin', 10_000, 2, { 9999: { labels: [3, 42], seed: 100 } });
  const hundred = { dataset: 'cifar100', path: join(folder.path, 'hundred') };

  it('has a hundred fine classes, or twenty coarse ones', () => {
    const fine = open(hundred);
    const coarse = open({ ...hundred, labelKind: 'coarse' });
    expect([fine.classes, fine.label(7), coarse.classes, coarse.label(7)]).toEqual([100, 99, 20, 19]);
    expect([...sampleOf(fine, 7)]).toEqual(image(1));
    expect(() => coarse.label(8)).toThrow('the label is 20; labels are 0 to 19');
  });

  it('has its own test images', () => {
    const test = open(hundred, 'test');
    expect([test.size, test.label(9_999)]).toEqual([10_000, 42]);
    expect([...sampleOf(test, 9_999)]).toEqual(image(100));
  });
});
