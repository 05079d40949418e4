/**
 * Proves the commands that draw from a run: the same samples as a picture, as .npy and as safetensors; walks and neighbours;
 * figure 1 of a run on the line; a report; and a run of a coordinator on another machine.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../services/checkpoint/safetensors.ts';
import { toBytes } from '../../services/gan/normalisation.ts';
import { encodeGrid } from '../../services/picture/grid.ts';
import { loadGan } from '../../services/sampling/loadGan.ts';
import { openTrainingSamples } from '../../services/sampling/trainingSamples.ts';
import { lineRun, mnistRun, writeRun } from '../sampling/runs.ts';
import { listen } from '../wire/listen.ts';
import { ganglion } from './fakeConsole.ts';
import { runView } from './views.ts';

let folder: string;
let run: string;
let samples: Float32Array;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-sample-'));
  run = join(folder, 'run');
  await writeRun(run, mnistRun(), { phases: [0, 10, 20] });
  await writeRun(join(folder, 'line'), lineRun(), { sampleSize: 1, phases: [0, 5, 10, 20, 40] });
  await writeRun(join(folder, 'short'), lineRun(), { sampleSize: 1, phases: [0, 5] });
  const gan = await loadGan(run, { backend: 'wasm' });
  samples = gan.sample({ seed: 7, first: 0, count: 10 });
  gan.dispose();
});
afterAll(() => rm(folder, { recursive: true }));

const on = (...argv: readonly string[]) => ganglion(argv, { environment: { backend: 'wasm' } });
const file = (name: string) => join(folder, name);
const valuesOf = (bytes: Uint8Array) => new Float32Array(new Uint8Array(bytes).buffer);

describe('sample', () => {
  it('draws the same samples as a picture, as .npy and as safetensors with what made them', async () => {
    for (const name of ['s.png', 's.npy', 's.safetensors']) {
      const flags = ['--seed', '7', '--count', '10', '--columns', '5', '--to', file(name)];
      expect(await on('sample', run, ...flags)).toEqual({ code: 0, out: '', err: `wrote ${file(name)}\n` });
    }
    const grid = { width: 28, height: 28, channels: 1, rows: 2, columns: 5, scale: 2 } as const;
    expect(await readFile(file('s.png'))).toEqual(encodeGrid(toBytes(samples, 784, 'unit'), grid));
    const npy = await readFile(file('s.npy'));
    expect(npy.toString('latin1', 0, 128)).toContain("'shape': (10, 28, 28, 1)");
    expect(valuesOf(npy.subarray(-samples.byteLength))).toEqual(samples);
    const { tensors, metadata, data } = decodeSafetensors('s', await readFile(file('s.safetensors')));
    expect(tensors).toEqual([{ name: 'samples', shape: [10, 28, 28, 1] }]);
    expect(metadata).toMatchObject({ seed: '7', runId: 'small-1', phase: '20', generatorWeights: 'ema' });
    expect(valuesOf(data)).toEqual(samples);
  });

  it('says the class of each sample where the run knows classes: those that are named in turn, or all', async () => {
    const classes = 10;
    const conditional = mnistRun({
      data: { labels: true },
      generator: {
        layers: [
          { type: 'class-embedding', classes, size: 2 },
          { type: 'dense', units: 784, activation: 'sigmoid' },
        ],
      },
      discriminator: { layers: [{ type: 'class-projection', classes }] },
    });
    await writeRun(file('conditional'), conditional, { phases: [10] });
    const draw = (...flags: string[]) => on('sample', file('conditional'), '--count', '1030', ...flags);
    await draw('--to', file('all.npy'));
    await draw('--to', file('named.safetensors'), '--labels', '2,0');
    const all = new Uint16Array(new Uint8Array((await readFile(file('all.labels.npy'))).subarray(-2060)).buffer);
    expect(all).toEqual(Uint16Array.from({ length: 1030 }, (_, i) => i % 10));
    const { tensors, data } = decodeSafetensors('s', await readFile(file('named.safetensors')));
    expect(tensors[1]).toEqual({ name: 'labels', shape: [1030] });
    expect(valuesOf(data).slice(-1030)).toEqual(Float32Array.from({ length: 1030 }, (_, i) => (i % 2 === 0 ? 2 : 0)));
    // The first sample of class 2 among all is the third; the third of 2, 0, 2, … is of class 2 too.
    const ofAll = valuesOf((await readFile(file('all.npy'))).subarray(-1030 * 784 * 4));
    const third = (values: Float32Array) => values.slice(2 * 784, 3 * 784);
    expect(third(valuesOf(data))).toEqual(third(ofAll));
    expect(valuesOf(data).slice(0, 784)).not.toEqual(ofAll.slice(0, 784));
  });

  it('draws points where samples are no images', async () => {
    expect((await on('sample', file('line'), '--to', file('points.png'))).code).toBe(0);
    expect(PNG.sync.read(await readFile(file('points.png'))).width).toBeGreaterThan(1000);
  });

  it('refuses a file it cannot write and classes that are not known, and leaves nothing behind', async () => {
    const { code, err } = await on('sample', run, '--to', file('s.jpg'));
    expect([code, err]).toEqual([
      2,
      expect.stringContaining('files that end in .png, .npy or .safetensors are allowed'),
    ]);
    expect((await on('sample', run, '--labels', '1,x')).err).toContain("--labels: found '1,x'");
    const refused = await on('sample', run, '--labels', '1', '--to', file('never.npy'));
    expect(refused.err).toContain('know no classes');
    expect((await readdir(folder)).filter((name) => name.startsWith('never'))).toEqual([]);
    expect((await on('sample', join(folder, 'nowhere'))).err).toContain('is not a run folder');
  });
});

describe('interpolate', () => {
  it('walks in each row from one latent of the seed to the next', async () => {
    const flags = ['--steps', '4', '--rows', '2', '--seed', '3', '--mode', 'spherical', '--to', file('walk.png')];
    expect((await on('interpolate', run, ...flags)).code).toBe(0);
    const { width, height, data } = PNG.sync.read(await readFile(file('walk.png')));
    expect([width, height]).toEqual([4 * 57 + 1, 2 * 57 + 1]);
    const gan = await loadGan(run, { backend: 'wasm' });
    const ends = toBytes(gan.sample({ seed: 3, first: 0, count: 4 }), 784, 'unit');
    gan.dispose();
    // The pixel in the middle of the first and the last picture of each row.
    const seen = [0, 1].flatMap((row) =>
      [0, 3].map((column) => data[((row * 57 + 29) * width + column * 57 + 29) * 4]),
    );
    for (const [i, pixel] of seen.entries())
      expect(Math.abs((pixel ?? 0) - (ends[i * 784 + 14 * 28 + 14] ?? 0))).toBeLessThan(2);
  });

  it('refuses what is no image', async () => {
    expect((await on('interpolate', file('line'), '--to', file('never.png'))).err).toContain(
      'Samples of shape [1] are no images',
    );
  });
});

describe('neighbours', () => {
  it('frames behind each row the training image nearest to its last sample, and says which', async () => {
    const flags = ['--count', '6', '--columns', '3', '--to', file('n.png'), '-o', 'json'];
    const { code, out } = await on('neighbours', run, ...flags);
    expect(code).toBe(0);
    const found = JSON.parse(out) as { sample: number; nearest: number }[];
    expect(found.map(({ sample }) => sample)).toEqual([2, 5]);
    const { width, data } = PNG.sync.read(await readFile(file('n.png')));
    expect(width).toBe(4 * 57 + 1);
    const training = openTrainingSamples(mnistRun());
    for (const [row, { nearest }] of found.entries()) {
      const image = toBytes(training.read(nearest, 1), 784, 'unit');
      const at = (x: number, y: number) => data[((row * 57 + 1 + 2 * y) * width + 3 * 57 + 1 + 2 * x) * 4];
      for (let i = 3; i < 25; i += 1) expect(at(i, i)).toBe(image[i * 28 + i]);
      expect(at(0, 0)).toBe(250);
    }
  });

  it('refuses rows that are not full', async () => {
    expect((await on('neighbours', run, '--count', '7')).err).toContain('Write --count 10, say.');
  });
});

describe('figure1', () => {
  it('is an SVG, a PNG and a film, and says which four moments it shows', async () => {
    const { code, out } = await on('figure1', file('line'), '--to', file('figure'), '-o', 'json');
    expect(code).toBe(0);
    const moments = JSON.parse(out) as { phase: number; distance: number }[];
    expect([moments.length, moments[0]?.phase, moments[3]?.phase]).toEqual([4, 0, 40]);
    const drawing = await readFile(file('figure.svg'), 'utf8');
    for (const [i, { phase }] of moments.entries()) expect(drawing).toContain(`>(${'abcd'[i]}) phase ${phase}</text>`);
    expect(PNG.sync.read(await readFile(file('figure.png'))).width).toBeGreaterThan(2000);
    const film = await readFile(file('figure.apng'), 'latin1');
    expect(film.match(/fcTL/g)).toHaveLength(5);
  });

  it('takes the phases that it is told', async () => {
    const { out } = await on('figure1', file('line'), '--phases', '0,5,10,20', '--to', file('told'), '-o', 'name');
    expect(out).toBe('0\n5\n10\n20\n');
    expect((await on('figure1', file('line'), '--phases', '0,5,11,20')).err).toContain(
      'found 11; the run has checkpoints of 0, 5, 10, 20, 40',
    );
    expect((await on('figure1', file('line'), '--phases', '5,0,10,20')).err).toContain(
      'four phases in ascending order',
    );
  });

  it('refuses a run with too few checkpoints, and one that is not on the line', async () => {
    expect((await on('figure1', file('short'))).err).toMatch(/checkpoints of 2: 0, 5.\n.*checkpoints\.keep/);
    expect((await on('figure1', run)).err).toContain(
      'Figure 1 shows samples of one value; mnist has samples of shape [28, 28, 1]',
    );
  });
});

describe('a run of a coordinator elsewhere', () => {
  it('is drawn from the files that are needed, and no others', async () => {
    const asked: string[] = [];
    const names = (await readdir(run, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(run.length + 1));
    const { address } = await listen({
      getRun: () => runView({ runId: 'small-1', folder: '/nowhere/small-1' }),
      listArtifacts: () =>
        Promise.all(names.map(async (name) => ({ name, sizeBytes: (await stat(join(run, name))).size }))),
      fetchArtifact: (_runId, name) => {
        asked.push(name);
        return createReadStream(join(run, name));
      },
    });
    const elsewhere = (...argv: readonly string[]) =>
      ganglion(argv, { environment: { backend: 'wasm', coordinator: address } });
    const flags = ['--seed', '7', '--count', '10', '--to', file('remote.npy')];
    expect((await elsewhere('sample', 'small-1', ...flags)).err).toBe(`wrote ${file('remote.npy')}\n`);
    expect(valuesOf((await readFile(file('remote.npy'))).subarray(-samples.byteLength))).toEqual(samples);
    const newest = 'checkpoints/phase-000000020';
    expect(asked.sort()).toEqual([`${newest}/manifest.json`, `${newest}/state.safetensors`, 'config.yaml']);
    asked.length = 0;
    expect((await elsewhere('report', 'small-1', '--to', file('remote.html'))).code).toBe(0);
    expect(asked.filter((name) => name.endsWith('.safetensors'))).toEqual([]);
    expect(await readFile(file('remote.html'), 'utf8')).toContain('<h1>small-1</h1>');
  });
});
