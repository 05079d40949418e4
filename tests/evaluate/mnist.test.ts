/**
 * Proves on real MNIST: the yardstick that is known for the authors' Parzen window, what the classifier is worth, and that its
 * weights are those of its manifest and come out of training the same each time.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { selectBackend } from '../../services/backend/select.ts';
import { accuracyOf } from '../../services/evaluate/classifier/accuracy.ts';
import { createClassifier } from '../../services/evaluate/classifier/classifier.ts';
import { labelledMnist } from '../../services/evaluate/classifier/labelledImages.ts';
import { trainClassifier } from '../../services/evaluate/classifier/training.ts';
import { committedFolder, readWeights } from '../../services/evaluate/classifier/weightsFile.ts';
import { evaluateReal } from '../../services/evaluate/evaluateRun.ts';
import { testBackends } from '../gan/backends.ts';

testBackends();
const DATA = { dataset: 'mnist', first: 0, labels: false, normalize: 'unit' } as const;
const OPTIONS = { metrics: undefined, samples: undefined, seed: 0, backend: 'tensorflow' } as const;

const folder = mkdtempSync(join(tmpdir(), 'ganglion-classifier-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the yardstick', () => {
  it('is 241.2 ± 2.1 nats at σ .167 for the first 10,000 training images', { timeout: 120_000 }, async () => {
    const { measures } = await evaluateReal(DATA, { ...OPTIONS, metrics: ['parzen'] });
    const [found] = measures;
    expect(found).toMatchObject({ name: 'logLikelihood', samples: 10_000 });
    expect(found?.value).toBeCloseTo(241.2, 1);
    expect(found?.standardError).toBeCloseTo(2.1, 1);
    expect(found?.detail.sigma).toBeCloseTo(0.167, 3);
  });

  it('is near what two sets of one distribution have, by every other metric', { timeout: 120_000 }, async () => {
    const metrics = ['modes', 'swd', 'mmd', 'prdc', 'frechet'] as const;
    const { measures } = await evaluateReal(DATA, { ...OPTIONS, metrics, samples: 1000 });
    const value = Object.fromEntries(measures.map((measure) => [measure.name, measure.value]));
    expect(value.modes).toBe(10);
    expect(value.reverseKl).toBeLessThan(0.02);
    // Not 0: other people wrote the test digits.
    expect(value.mmd2).toBeLessThan(0.004);
    expect(Math.abs((value.density ?? 0) - 1)).toBeLessThan(0.15);
    expect(Math.abs((value.coverage ?? 0) - 0.875)).toBeLessThan(0.06);
    expect(value.frechet).toBeLessThan(20);
  });

  it('is the same numbers for the same seed', { timeout: 120_000 }, async () => {
    const ask = () => evaluateReal(DATA, { ...OPTIONS, metrics: ['swd', 'mmd', 'frechet'], samples: 200 });
    expect(await ask()).toEqual(await ask());
  });

  it('refuses a metric that says nothing of the data, and more samples than there are', async () => {
    const grid = { dataset: 'grid', side: 5, spacing: 2, deviation: 0.05, points: 100, seed: 0, first: 0 } as const;
    const points = { ...grid, labels: false, normalize: 'none' } as const;
    await expect(evaluateReal(points, { ...OPTIONS, metrics: ['parzen'] })).rejects.toThrow(
      'The metric parzen is not defined for grid; modes, swd, mmd, prdc are.',
    );
    await expect(evaluateReal(points, { ...OPTIONS, samples: 101 })).rejects.toThrow('grid has 100');
  });
});

describe.each(testBackends().filter(({ kind }) => kind !== 'cpu'))('the classifier on $kind', ({ start }) => {
  it('knows at least 99 % of the 10,000 test images', { timeout: 120_000 }, async () => {
    const { weights, manifest } = await readWeights();
    const classifier = createClassifier(await start(), weights, manifest.weightsSha256);
    const accuracy = accuracyOf(classifier, labelledMnist('test'));
    classifier.dispose();
    expect(accuracy).toBeGreaterThanOrEqual(0.99);
    // Other rounding may move an image or two across a border.
    expect(Math.abs(accuracy - manifest.testAccuracy)).toBeLessThanOrEqual(0.0003);
  });
});

describe('the weights', () => {
  it('are those that the manifest names', async () => {
    const { manifest } = await readWeights();
    expect(manifest.weightsSha256).toBe('7494196811568432e9d76552d27e5a6927820800f44fb779a55e161ba2007b3a');
    expect(readFileSync(join(committedFolder(), 'weights.safetensors')).length).toBeLessThan(1024 ** 2);
  });

  it('are refused where a bit of them differs', async () => {
    copyFileSync(join(committedFolder(), 'manifest.json'), join(folder, 'manifest.json'));
    const bytes = readFileSync(join(committedFolder(), 'weights.safetensors'));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(join(folder, 'weights.safetensors'), bytes);
    await expect(readWeights(folder)).rejects.toThrow('its manifest says 74941968');
  });

  it('come out of training the same each time, and learn', { timeout: 120_000 }, async () => {
    const backend = await selectBackend({ require: 'tensorflow', intraOpThreads: 1 });
    const before = backend.tf.memory().numTensors;
    const train = () => trainClassifier(backend, labelledMnist('train'), { batches: 60, log: () => undefined });
    const [first, second] = [train(), train()];
    expect(first).toEqual(second);
    expect(backend.tf.memory().numTensors).toBe(before);
    const classifier = createClassifier(backend.tf, first, '');
    const data = labelledMnist('test');
    const some = { ...data, count: 1000 };
    expect(accuracyOf(classifier, some)).toBeGreaterThan(0.85);
    classifier.dispose();
  });
});
