/** Proves that a checkpoint is evaluated to the same numbers each time, that the command prints them, and what it refuses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../services/cli/program.ts';
import { dataSchema } from '../../services/config/dataSchema.ts';
import { type EvaluationOptions, evaluateReal, evaluateRun } from '../../services/evaluate/evaluateRun.ts';
import { encodeNpy } from '../../services/picture/npy.ts';
import { fakeConsole } from '../cli/fakeConsole.ts';
import { mnistRun, writeRun } from '../sampling/runs.ts';

process.env.CUDA_VISIBLE_DEVICES = '-1';
const folder = mkdtempSync(join(tmpdir(), 'ganglion-evaluate-'));
const digits = join(folder, 'digits');
const ring = join(folder, 'ring');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(async () => {
  await writeRun(digits, mnistRun(), { phases: [10, 20] });
  const points = mnistRun({
    name: 'ring',
    data: { dataset: 'ring' },
    generator: { layers: [{ type: 'dense', units: 2, activation: 'linear' }] },
  });
  await writeRun(ring, points, { sampleSize: 2, phases: [10] });
});

const OPTIONS: EvaluationOptions = { metrics: undefined, samples: 300, seed: 1, backend: 'tensorflow' };
const numbers = (measures: readonly { name: string; value: number }[]) =>
  measures.map(({ name, value }) => [name, value]);

describe('evaluateRun', () => {
  it('measures a ring by modes, slices, kernels and neighbours', { timeout: 120_000 }, async () => {
    const found = await evaluateRun(ring, OPTIONS);
    expect(found).toMatchObject({ runId: 'ring-1', phase: 10, of: 'ema', dataset: 'ring', seed: 1 });
    expect(found.measures.map(({ name }) => name)).toEqual([
      'modes',
      'highQuality',
      'reverseKl',
      'swd',
      'mmd2',
      'precision',
      'recall',
      'density',
      'coverage',
    ]);
    for (const { value, samples } of found.measures) {
      expect(Number.isFinite(value)).toBe(true);
      expect(samples).toBe(300);
    }
  });

  it('measures a run that knows classes', { timeout: 120_000 }, async () => {
    const conditional = mnistRun({
      data: { labels: true },
      generator: {
        layers: [
          { type: 'class-embedding', classes: 10, size: 2 },
          { type: 'dense', units: 784, activation: 'sigmoid' },
        ],
      },
      discriminator: { layers: [{ type: 'class-projection', classes: 10 }] },
    });
    const where = join(folder, 'conditional');
    await writeRun(where, conditional, { phases: [10] });
    const { measures } = await evaluateRun(where, { ...OPTIONS, metrics: ['modes', 'frechet'], samples: 100 });
    expect(measures.map(({ name, samples }) => [name, samples])).toEqual([
      ['modes', 100],
      ['reverseKl', 100],
      ['frechet', 100],
    ]);
    expect(measures[2]?.value).toBeGreaterThan(100);
  });

  it('gives the same numbers for the same checkpoint and seed, others for others', { timeout: 120_000 }, async () => {
    const ask = async (seed: number, phase: number) =>
      numbers((await evaluateRun(digits, { ...OPTIONS, metrics: ['mmd', 'frechet'], seed, phase })).measures);
    const first = await ask(1, 20);
    expect(await ask(1, 20)).toEqual(first);
    expect(await ask(2, 20)).not.toEqual(first);
    expect(await ask(1, 10)).not.toEqual(first);
  });
});

it('images without room for a patch are compared as points', { timeout: 120_000 }, async () => {
  const path = join(folder, 'tiny.npy');
  const values = Float32Array.from({ length: 300 * 4 * 4 }, (_, i) => Math.sin(i * i));
  writeFileSync(path, encodeNpy(values, [300, 4, 4]));
  const data = dataSchema.parse({ dataset: 'npy', path, normalize: 'none', holdOut: { test: 0.5 } });
  const { measures } = await evaluateReal(data, { ...OPTIONS, metrics: ['swd'], samples: 100 });
  const [{ value = Number.NaN, detail } = {}] = measures;
  // Two halves of one distribution; and no levels, which images have.
  expect(value).toBeGreaterThan(0);
  expect(value).toBeLessThan(0.5);
  expect(detail).toEqual({});
});

describe('ganglion evaluate', () => {
  const evaluate = async (...args: string[]) => {
    const console = fakeConsole();
    const exitCode = await run(['evaluate', ...args], console);
    return { exitCode, stdout: console.out(), stderr: console.err() };
  };

  it('prints a row a measure, and says what the numbers are worth', { timeout: 120_000 }, async () => {
    const found = await evaluate(digits, '--metrics', 'parzen,frechet', '--samples', '200', '--backend', 'tensorflow');
    expect(found.exitCode).toBe(0);
    expect(found.stdout).toMatch(/MEASURE +VALUE +± SE +BETTER +SAMPLES +DETAIL\nlogLikelihood .*sigma/);
    expect(found.stdout).toMatch(/\nfrechet .*classifier 749419681156/);
    expect(found.stderr).toContain('small-1 after 20 phases (moving average of G), seed 0');
    expect(found.stderr).toContain('Theis');
    expect(found.stderr).toContain('no other program’s FID');
  });

  it('prints JSON that holds the whole result', { timeout: 120_000 }, async () => {
    const { stdout } = await evaluate(
      ring,
      '--metrics',
      'modes',
      '--samples',
      '200',
      '-o',
      'json',
      '--backend',
      'wasm',
    );
    const found: unknown = JSON.parse(stdout);
    expect(found).toMatchObject({ runId: 'ring-1', phase: 10, measures: [{ name: 'modes' }, {}, {}] });
  });

  it.each([
    [['nowhere/at/all'], 'nowhere/at/all is not a run folder'],
    [[], 'There is no run to evaluate.'],
    [['x', '--metrics', 'fid'], "--metrics: found 'fid'; parzen, modes, swd, mmd, prdc, frechet are allowed"],
    [['x', '--sigma', 'wide'], "--sigma: found 'wide'"],
    [['x', '--real', 'ring'], "Found 'x' and --real ring; one of them is allowed."],
    [['--real', 'faces'], "--real: found 'faces'; mnist, stacked-mnist, ring and grid are allowed."],
    [
      ['--real', 'ring', '--metrics', 'frechet'],
      'The metric frechet is not defined for ring; modes, swd, mmd, prdc are.',
    ],
    [['--real', 'mnist', '--metrics', 'parzen', '--sigma', '.01', '--samples', '10'], 'σ = 0.01 is not on the authors'],
  ])('refuses %j', { timeout: 60_000 }, async (args, sentence) => {
    const found = await evaluate(...args);
    expect(found.stderr).toContain(sentence);
    expect(found.exitCode).not.toBe(0);
    expect(found.stdout).toBe('');
  });
});
