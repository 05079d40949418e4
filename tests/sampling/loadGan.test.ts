/**
 * Proves that a checkpoint's networks are loaded as a worker has them: its G's pictures and D's outputs, on WASM and on
 * libtensorflow; that a sample is the same number whatever is asked for beside it; and that what is broken is refused.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectBackend } from '../../services/backend/select.ts';
import { toYaml } from '../../services/config/resolve.ts';
import { replicaLayout, replicaLength } from '../../services/gan/layout.ts';
import { latents } from '../../services/gan/noise.ts';
import { toBytes } from '../../services/gan/normalisation.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { loadGan } from '../../services/sampling/loadGan.ts';
import { mnistRun, movedState, writeRun } from './runs.ts';

const SAMPLE_SIZE = 784;
const config = mnistRun();

let folder: string;
let run: string;
beforeAll(async () => {
  process.env.CUDA_VISIBLE_DEVICES = '-1';
  folder = await mkdtemp(join(tmpdir(), 'ganglion-sampling-'));
  run = join(folder, 'run');
  await writeRun(run, config, { phases: [0, 10, 20] });
});
afterAll(() => rm(folder, { recursive: true }));

function tensor(phase: number, name: string): Float32Array {
  const { offset, length } = replicaLayout(config, SAMPLE_SIZE).find((spec) => spec.name === name) ?? {};
  return movedState(config, SAMPLE_SIZE, phase).subarray(offset, (offset ?? 0) + (length ?? 0));
}

describe.each(['wasm', 'tensorflow'] as const)('on %s', (backend) => {
  it('G gives the pictures of a worker that holds the same state, or of its trained weights', async () => {
    const { tf } = await selectBackend({ require: backend, intraOpThreads: 1 });
    const held = movedState(config, SAMPLE_SIZE, 20);
    const fixed = latents(config, 'fixedLatent', 0, { first: 0, count: 5 });

    const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend });
    replica.load(held.subarray(0, replicaLength(config, SAMPLE_SIZE)));
    const gan = await loadGan(run, { backend });
    const [pictures, sha256] = [replica.sample(5), replica.weightsSha256()];
    expect(toBytes(gan.fromLatents(fixed), SAMPLE_SIZE, 'unit')).toEqual(pictures);
    expect([gan.phase, gan.totalPhases, gan.runId, gan.generatorWeights]).toEqual([20, 100, 'small-1', 'ema']);
    expect(gan.weightsSha256).toBe(sha256);
    expect(gan.shape).toEqual([28, 28, 1]);
    gan.dispose();

    const live = await loadGan(run, { backend, live: true });
    expect(live.generatorWeights).toBe('live');
    expect(toBytes(live.fromLatents(fixed), SAMPLE_SIZE, 'unit')).not.toEqual(pictures);
    live.dispose();
    replica.dispose();
  });

  it('D gives x·w + b, without dropout, at the phase that is asked for', async () => {
    const gan = await loadGan(join(run, 'checkpoints', 'phase-000000010'), { backend });
    const samples = Float32Array.from({ length: 70 * SAMPLE_SIZE }, (_, i) => (i % 11) / 11);
    const [w, b] = [tensor(10, 'discriminator.1.weight'), tensor(10, 'discriminator.1.bias')];
    const logits = gan.logits(samples);
    expect(logits.length).toBe(70);
    for (const row of [0, 63, 64, 69]) {
      const x = samples.subarray(row * SAMPLE_SIZE, (row + 1) * SAMPLE_SIZE);
      const expected = x.reduce((sum, value, i) => sum + value * (w[i] as number), b[0] as number);
      expect(logits[row]).toBeCloseTo(expected, 3);
    }
    gan.dispose();
  });

  it('gives an index one sample, whatever else is asked for, and leaks no tensor', async () => {
    const { tf } = await selectBackend({ require: backend, intraOpThreads: 1 });
    const before = tf.memory().numTensors;
    const gan = await loadGan(run, { backend });
    const all = gan.sample({ seed: 7, first: 0, count: 150 });
    expect(all.length).toBe(150 * SAMPLE_SIZE);
    for (const [first, count] of [
      [0, 1],
      [61, 9],
      [149, 1],
    ] as const) {
      const some = gan.sample({ seed: 7, first, count });
      expect(some).toEqual(all.slice(first * SAMPLE_SIZE, (first + count) * SAMPLE_SIZE));
    }
    expect(gan.sample({ seed: 8, first: 0, count: 1 })).not.toEqual(all.slice(0, SAMPLE_SIZE));
    gan.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a run that knows classes', () => {
  const classes = { type: 'class-embedding', classes: 10, size: 2 } as const;
  const conditional = mnistRun({
    data: { labels: true },
    generator: { layers: [classes, { type: 'dense', units: 784, activation: 'sigmoid' }] },
    discriminator: { layers: [{ type: 'class-projection', classes: 10 }] },
  });
  const one = (values: Float32Array, index: number) => values.slice(index * SAMPLE_SIZE, (index + 1) * SAMPLE_SIZE);

  it('gives each sample its class, class by class where none are named, and refuses one that it does not know', async () => {
    const where = join(folder, 'conditional');
    await writeRun(where, conditional, { phases: [10] });
    const gan = await loadGan(where, { backend: 'wasm' });
    const plain = gan.sample({ seed: 1, first: 0, count: 6 });
    const named = gan.sample({ seed: 1, first: 2, count: 3, labels: [2, 0, 1] });
    // Sample 2 is of class 2 by itself, samples 3 and 4 are not of classes 0 and 1.
    expect(one(named, 0)).toEqual(one(plain, 2));
    expect(one(named, 1)).not.toEqual(one(plain, 3));
    const z = gan.latents(1, 3, 1);
    expect(gan.fromLatents(z, [0])).toEqual(one(named, 1));
    expect(gan.logits(one(plain, 0), [1])).not.toEqual(gan.logits(one(plain, 0), [2]));
    expect(() => gan.sample({ seed: 1, first: 0, count: 1, labels: [10] })).toThrow(/know the classes 0 to 9/);
    gan.dispose();
  });
});

it('a D that sees packs gives one output for each pack of samples', async () => {
  const where = join(folder, 'packed');
  const packed = mnistRun({ discriminator: { packing: 2, layers: [{ type: 'dense', units: 1 }] } });
  await writeRun(where, packed, { phases: [10] });
  const gan = await loadGan(where, { backend: 'wasm' });
  const samples = gan.sample({ seed: 0, first: 0, count: 140 });
  const logits = gan.logits(samples);
  expect(logits.length).toBe(70);
  for (const pack of [0, 31, 32, 69]) {
    const own = samples.slice(pack * 2 * SAMPLE_SIZE, (pack + 1) * 2 * SAMPLE_SIZE);
    expect(gan.logits(own)).toEqual(logits.slice(pack, pack + 1));
  }
  expect(() => gan.logits(samples.slice(0, SAMPLE_SIZE))).toThrow('invariant');
  gan.dispose();
});

describe('what is refused', () => {
  const refusal = (where: string, options: { phase?: number } = {}) =>
    loadGan(where, { backend: 'wasm', ...options }).then(
      () => 'loaded',
      (error: Error) => error.message,
    );

  it('a folder that is no run, a phase that is not there, labels where there are no classes', async () => {
    expect(await refusal(folder)).toContain('is not a run folder');
    expect(await refusal(run, { phase: 15 })).toContain('has no checkpoint of phase 15; it has 0, 10, 20.');
    const gan = await loadGan(run, { backend: 'wasm' });
    expect(() => gan.sample({ seed: 0, first: 0, count: 2, labels: [0, 1] })).toThrow(/small-1 know no classes/);
    gan.dispose();
  });

  it('a checkpoint with one flipped bit', async () => {
    const broken = join(folder, 'broken');
    await writeRun(broken, config, { phases: [10] });
    const file = join(broken, 'checkpoints', 'phase-000000010', 'state.safetensors');
    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    await writeFile(file, bytes);
    expect(await refusal(broken)).toMatch(/SHA-256 .*, its manifest says/);
  });

  it("another run's checkpoint: other tensors, or the same under another config", async () => {
    const other = join(folder, 'other');
    await writeRun(other, config, { phases: [10] });
    await writeFile(join(other, 'config.yaml'), toYaml(mnistRun({ seed: 1 })));
    expect(await refusal(other)).toContain('is of another config');
    await writeFile(join(other, 'config.yaml'), toYaml(mnistRun({ latent: { size: 4 } })));
    expect(await refusal(other)).toMatch(/tensor 0 is generator.0.weight \[3, 8\], not generator.0.weight \[4, 8\]/);
  });
});
