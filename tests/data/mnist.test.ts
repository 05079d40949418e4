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
import { openMnist } from '../../services/data/mnist.ts';
import { idxFile } from './idxFile.ts';

const root = mkdtempSync(join(tmpdir(), 'ganglion-mnist-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the MNIST that ships with Ganglion', () => {
  const { dimensions, values } = openMnist();

  it('is the official file of 60,000 training images', () => {
    expect(dimensions).toEqual([60_000, 28, 28]);
    // SHA-256 of the original train-images-idx3-ubyte, its 16-byte header included.
    const file = Buffer.from(values.buffer, values.byteOffset - 16, 16 + values.length);
    const sha256 = createHash('sha256').update(file).digest('hex');
    expect(sha256).toBe('ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db');
  });

  it('has the published mean .13066 and standard deviation .30811', () => {
    // Exact in float64: the sums stay far below 2⁵³.
    let sum = 0;
    let squares = 0;
    for (const value of values) {
      sum += value;
      squares += value * value;
    }
    const mean = sum / values.length;
    const deviation = Math.sqrt(squares / values.length - mean * mean);
    expect(mean / 255).toBeCloseTo(0.13066, 5);
    expect(deviation / 255).toBeCloseTo(0.30811, 5);
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
    const { dimensions, values } = openMnist(folder);
    expect(dimensions).toEqual([5, 3, 2]);
    expect([...values]).toEqual([...bytes.subarray(16)]);
  });

  it('is read packed', () => {
    writeFileSync(join(folder, 'train-images-idx3-ubyte.gz'), gzipSync(bytes));
    const { dimensions, values } = openMnist(folder);
    expect(dimensions).toEqual([5, 3, 2]);
    expect([...values]).toEqual([...bytes.subarray(16)]);
  });

  it.each([
    ['is missing', undefined, '', 'There is no train-images-idx3-ubyte (or .gz) in'],
    ['is cut off', '', bytes.subarray(0, 20), 'the file is truncated: 4 values for 5 × 3 × 2 = 30'],
    ['is another file', '', Buffer.from('<html>not found</html>'), 'the magic number is 0x3c68746d'],
    ['is packed and cut off', '.gz', gzipSync(bytes).subarray(0, 25), 'unexpected end of file'],
    ['is not packed in spite of its name', '.gz', bytes, 'incorrect header check'],
  ])('is refused where the file %s', (_, suffix, content, sentence) => {
    if (suffix !== undefined) writeFileSync(join(folder, `train-images-idx3-ubyte${suffix}`), content);
    expect(() => openMnist(folder)).toThrow(sentence);
    expect(() => openMnist(folder)).toThrow(
      expect.objectContaining({
        code: 'dataset',
        message: expect.stringContaining(folder),
        remedy: expect.any(String),
      }),
    );
  });

  it('is refused where a folder has the name of the file', () => {
    mkdirSync(join(folder, 'train-images-idx3-ubyte'));
    expect(() => openMnist(folder)).toThrow(expect.objectContaining({ code: 'dataset' }));
  });
});
