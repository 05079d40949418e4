/** Proves that `ganglion data` says what is in a config's data, by numbers known from elsewhere, and what a mirror lacks. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveFiles } from '../data/download/fileServer.ts';
import { ganglion } from './fakeConsole.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-cli-data-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('data check', () => {
  it('reads all of a small table', async () => {
    await writeFile(join(folder, 'points.csv'), 'x,y,kind\n1,2,b\n3,4,a\n5,6,b\n');
    const data = `data={dataset: csv, path: ${join(folder, 'points.csv')}, labelColumn: kind}`;
    const { code, out, err } = await ganglion(['data', 'check', '--preset', 'mnist-quick', '--set', data, '--labels']);
    expect([code, err]).toEqual([0, '']);
    // printf '\x00\x00\x80\x3f\x00\x00\x00\x40\x01\x00…' | sha256sum: floats, then the label, a row each.
    const row = (x: number, y: number, label: number) => {
      const bytes = Buffer.alloc(10);
      bytes.writeFloatLE(x, 0);
      bytes.writeFloatLE(y, 4);
      bytes.writeUInt16LE(label, 8);
      return bytes;
    };
    const { createHash } = await import('node:crypto');
    const sha256 = createHash('sha256')
      .update(Buffer.concat([row(1, 2, 1), row(3, 4, 0), row(5, 6, 1)]))
      .digest('hex');
    expect(out).toBe(
      [
        'DATASET  csv, train',
        'SAMPLES  3',
        'SHAPE    [2]',
        'TYPE     float32',
        'CLASSES  2, of 1 to 2 samples',
        'VALUES   1 to 6, mean 3.5, deviation 1.70783',
        `SHA-256  ${sha256}`,
        '',
      ].join('\n'),
    );
  });

  it('knows MNIST’s test set: mean .1325, deviation .3105, 892 to 1,135 of a digit', async () => {
    const argv = [
      'data',
      'check',
      '--preset',
      'mnist-paper',
      '--set',
      'data.labels=true',
      '--split',
      'test',
      '-o',
      'json',
    ];
    const summary = JSON.parse((await ganglion(argv)).out);
    expect(summary).toMatchObject({ name: 'mnist', split: 'test', samples: 10_000, classes: 10, normalize: 'unit' });
    expect(summary.perClass).toEqual({ min: 892, max: 1135 });
    expect(summary.values.mean / 255).toBeCloseTo(0.1325, 4);
    expect(summary.values.deviation / 255).toBeCloseTo(0.3105, 4);
  });

  it('needs no more than the section `data`', async () => {
    const stdin = 'data: { dataset: grid, points: 50 }';
    const { code, out, err } = await ganglion(['data', 'check', '-f', '-', '--labels', '--split', 'valid'], { stdin });
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('DATASET  grid, valid\nSAMPLES  50\n');
    expect(out).toContain('CLASSES  25, of 0 to ');
    const wrong = await ganglion(['data', 'check', '-f', '-'], { stdin: 'data: { dataset: gird }' });
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining("Did you mean 'grid'?")]);
  });

  it('names a bad cell, and says how to name a config', async () => {
    await writeFile(join(folder, 'bad.csv'), '1,2\n3,x\n');
    const data = `data={dataset: csv, path: ${join(folder, 'bad.csv')}}`;
    const { code, err } = await ganglion(['data', 'check', '--preset', 'mnist-quick', '--set', data]);
    expect(code).toBe(1);
    expect(err).toContain('bad.csv is no table of numbers: line 2, column 2: found "x"');
    const labelled = await ganglion(['data', 'check', '--preset', 'mnist-quick', '--set', data, '--labels']);
    expect([labelled.code, labelled.err]).toEqual([2, expect.stringContaining('data.labelColumn: missing; needed')]);
    expect((await ganglion(['data', 'check'])).err).toContain('Write `ganglion data check -f run.yaml`');
  });
});

describe('data download', () => {
  it('refuses a mirror whose files are not the official ones', async () => {
    const server = await serveFiles({ 'cifar-10-binary.tar.gz': Buffer.from('not CIFAR') });
    const argv = ['data', 'download', 'cifar10', '--to', join(folder, 'cifar'), '--mirror', server.url];
    const { code, out, err } = await ganglion(argv);
    await server.close();
    expect([code, out]).toEqual([4, '']);
    expect(err).toContain('the server offers 9 bytes, the official file has 170052171');
    expect(server.requests.length).toBe(3);
  });

  it('knows which data sets there are', async () => {
    const { code, err } = await ganglion(['data', 'download', 'cifar', '--to', folder]);
    expect(code).toBe(2);
    expect(err).toContain(
      "There is no data set 'cifar' to download.\n  Did you mean 'cifar10'? Choose one of mnist, fashion-mnist",
    );
  });
});
