/** Proves that a training set is the asked-for range of its file, sample by sample, and that no other range is accepted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../../services/config/runConfig.ts';
import { openTrainingSet } from '../../services/data/dataset.ts';
import { tinyConfig } from '../gan/configs.ts';
import { dataOf } from './dataOf.ts';
import { idxFile } from './idxFile.ts';

const SAMPLES = 10;
const SAMPLE_BYTES = 6;
const path = mkdtempSync(join(tmpdir(), 'ganglion-dataset-'));
afterAll(() => rmSync(path, { recursive: true, force: true }));
writeFileSync(join(path, 'train-images-idx3-ubyte'), idxFile([SAMPLES, 3, 2]));

/** The values of `idxFile`: 0, 1, 2, …. */
function sample(index: number): number[] {
  return Array.from({ length: SAMPLE_BYTES }, (_, i) => index * SAMPLE_BYTES + i);
}

const openSet = (data: RunConfig['data']) => openTrainingSet({ ...tinyConfig(), data });

describe('openTrainingSet', () => {
  it('is all of the file where no range is given', () => {
    const set = openSet(dataOf({ dataset: 'mnist', path, first: 0 }));
    const { name, size, sampleSize, shape } = set;
    expect({ name, size, sampleSize, shape }).toEqual({
      name: 'mnist',
      size: SAMPLES,
      sampleSize: SAMPLE_BYTES,
      shape: [3, 2, 1],
    });
  });

  it('reads samples from `first` on, to where they are wanted', () => {
    const set = openSet(dataOf({ dataset: 'mnist', path, first: 3, count: 4 }));
    expect(set.size).toBe(4);
    const into = new Uint8Array(3 * SAMPLE_BYTES).fill(255);
    set.read(0, into, SAMPLE_BYTES);
    set.read(3, into, 2 * SAMPLE_BYTES);
    expect([...into]).toEqual([...Array(SAMPLE_BYTES).fill(255), ...sample(3), ...sample(6)]);
  });

  it.each([-1, 4, 0.5])('never reads sample %s of 4', (index) => {
    const set = openSet(dataOf({ dataset: 'mnist', path, first: 3, count: 4 }));
    expect(() => set.read(index, new Uint8Array(SAMPLE_BYTES), 0)).toThrow('invariant');
  });

  it("has each pixel's mean over the range only", () => {
    const set = openSet(dataOf({ dataset: 'mnist', path, first: 4, count: 3 }));
    const means = sample(5).map((value) => value / 255);
    for (const [i, mean] of set.marginals().entries()) expect(mean).toBeCloseTo(means[i] ?? -1, 12);
  });

  it.each([
    [{ first: 10 }, 'the samples from 10 on were asked for; mnist has 10'],
    [{ first: 25 }, 'the samples from 25 on were asked for; mnist has 10'],
    [{ first: 8, count: 3 }, '3 samples from 8 on were asked for; mnist has 10'],
    [{ first: 0, count: 11 }, '11 samples from 0 on were asked for; mnist has 10'],
  ])('refuses the range %o', (range, sentence) => {
    const open = () => openSet(dataOf({ dataset: 'mnist', path, ...range }));
    expect(open).toThrow(sentence);
    expect(open).toThrow(expect.objectContaining({ code: 'dataset', remedy: expect.stringContaining('≤ 10') }));
  });

  it('takes the last sample', () => {
    expect(openSet(dataOf({ dataset: 'mnist', path, first: 9, count: 1 })).size).toBe(1);
  });
});
