/**
 * Proves that the MNIST that ships with Ganglion is the real one, that a folder of the user's serves as well, plain or
 * packed, and that a missing or broken file is refused with its name and a remedy.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openSource, type SampleSource, type Split } from '../../services/data/source.ts';
import { dataOf } from './dataOf.ts';
import { idxFile } from './idxFile.ts';
import { sampleOf, valuesOf } from './samples.ts';

const root = mkdtempSync(join(tmpdir(), 'ganglion-mnist-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the MNIST that ships with Ganglion', () => {
  const open = (split: Split) => openSource(dataOf({ labels: true }), split);
  const train = open('train');

  it('is the official file of 60,000 training images', () => {
    expect(train).toMatchObject({ name: 'mnist', size: 60_000, shape: [28, 28, 1], type: 'uint8', classes: 10 });
    // SHA-256 of the original train-images-idx3-ubyte, its 16-byte header included.
    const header = Buffer.from('00000803' + '0000ea60' + '0000001c' + '0000001c', 'hex');
    const file = createHash('sha256').update(header).update(valuesOf(train));
    expect(file.digest('hex')).toBe('ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db');
  });

  it('has the published mean .13066 and standard deviation .30811', () => {
    // Exact in float64: the sums stay far below 2⁵³.
    let sum = 0;
    let squares = 0;
    const values = valuesOf(train);
    for (const value of values) {
      sum += value;
      squares += value * value;
    }
    const mean = sum / values.length;
    const deviation = Math.sqrt(squares / values.length - mean * mean);
    expect(mean / 255).toBeCloseTo(0.13066, 5);
    expect(deviation / 255).toBeCloseTo(0.30811, 5);
  });

  it('begins with the labels that its readers know: 5, 0, 4, 1, 9; the test set with 7, 2, 1, 0, 4', () => {
    const labels = (source: SampleSource) => [0, 1, 2, 3, 4].map((index) => source.label(index));
    expect(labels(train)).toEqual([5, 0, 4, 1, 9]);
    expect(labels(open('test'))).toEqual([7, 2, 1, 0, 4]);
  });

  it('has the last 10,000 training images for validation, and the official test set', () => {
    const valid = open('valid');
    expect([valid.size, open('test').size]).toEqual([10_000, 10_000]);
    for (const index of [0, 9_999]) {
      expect(sampleOf(valid, index)).toEqual(sampleOf(train, 50_000 + index));
      expect(valid.label(index)).toBe(train.label(50_000 + index));
    }
  });
});

describe("a folder of the user's", () => {
  const bytes = idxFile([5, 3, 2]);
  let folder = '';
  let count = 0;
  beforeEach(() => {
    folder = join(root, `folder-${count++}`);
    mkdirSync(folder);
  });

  it('is read plain', () => {
    writeFileSync(join(folder, 'train-images-idx3-ubyte'), bytes);
    const source = openSource(dataOf({ path: folder }), 'train');
    expect(source).toMatchObject({ size: 5, shape: [3, 2, 1], classes: 0 });
    expect([...valuesOf(source)]).toEqual([...bytes.subarray(16)]);
  });

  it('is read packed', () => {
    writeFileSync(join(folder, 'train-images-idx3-ubyte.gz'), gzipSync(bytes));
    const source = openSource(dataOf({ path: folder }), 'train');
    expect(source).toMatchObject({ size: 5, shape: [3, 2, 1], classes: 0 });
    expect([...valuesOf(source)]).toEqual([...bytes.subarray(16)]);
  });

  it.each([
    ['is missing', undefined, '', 'There is no train-images-idx3-ubyte (or .gz) in'],
    ['is cut off', '', bytes.subarray(0, 20), 'the file is truncated: 4 values for 5 × 3 × 2 = 30'],
    ['is another file', '', Buffer.from('<html>not found</html>'), 'the magic number is 0x3c68746d'],
    ['is packed and cut off', '.gz', gzipSync(bytes).subarray(0, 25), 'unexpected end of file'],
    ['is not packed in spite of its name', '.gz', bytes, 'incorrect header check'],
  ])('is refused where the file %s', (_, suffix, content, sentence) => {
    if (suffix !== undefined) writeFileSync(join(folder, `train-images-idx3-ubyte${suffix}`), content);
    expect(() => openSource(dataOf({ path: folder }), 'train')).toThrow(sentence);
    expect(() => openSource(dataOf({ path: folder }), 'train')).toThrow(
      expect.objectContaining({
        code: 'dataset',
        message: expect.stringContaining(folder),
        remedy: expect.any(String),
      }),
    );
  });

  it('is refused where a folder has the name of the file', () => {
    mkdirSync(join(folder, 'train-images-idx3-ubyte'));
    expect(() => openSource(dataOf({ path: folder }), 'train')).toThrow(expect.objectContaining({ code: 'dataset' }));
  });

  it('needs no labels unless they are asked for, and then one for each image, of a digit', () => {
    writeFileSync(join(folder, 'train-images-idx3-ubyte'), bytes);
    const open = () => openSource(dataOf({ path: folder, labels: true }), 'train');
    expect(open).toThrow('There is no train-labels-idx1-ubyte (or .gz) in');
    writeFileSync(join(folder, 'train-labels-idx1-ubyte'), idxFile([4]));
    expect(open).toThrow('train-labels-idx1-ubyte has 4 labels for 5 images.');
    writeFileSync(join(folder, 'train-labels-idx1-ubyte'), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 5, 0, 1, 10, 3, 4));
    expect(open).toThrow('has the label 10 at byte 10; labels are 0 to 9.');
    writeFileSync(join(folder, 'train-labels-idx1-ubyte'), idxFile([5]));
    expect(open().label(4)).toBe(4);
  });

  it('has no validation split where it has 10,000 training images or fewer', () => {
    writeFileSync(join(folder, 'train-images-idx3-ubyte'), bytes);
    expect(() => openSource(dataOf({ path: folder }), 'valid')).toThrow('has 5 training images; the last 10000');
  });

  it('serves Fashion-MNIST, which has the form of MNIST', () => {
    writeFileSync(join(folder, 't10k-images-idx3-ubyte.gz'), gzipSync(bytes));
    writeFileSync(join(folder, 't10k-labels-idx1-ubyte.gz'), gzipSync(idxFile([5])));
    const source = openSource(dataOf({ dataset: 'fashion-mnist', path: folder, labels: true }), 'test');
    expect(source).toMatchObject({ name: 'fashion-mnist', size: 5, shape: [3, 2, 1], classes: 10 });
    expect(source.label(3)).toBe(3);
  });
});
