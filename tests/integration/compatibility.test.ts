/**
 * Proves that what version 0.1 wrote (`tests/fixtures/v1`) is read: by a coordinator that is started on its data folder, which goes
 * on with its runs to the same bits, and by the commands that read run folders; and that what is newer is refused by name.
 */
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { packageRoot } from '../../services/config/packageRoot.ts';
import type { RunningCoordinator } from '../../services/coordinator/main.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import type { RunView } from '../../services/report/runView.ts';
import { ganglionV1 } from '../../services/wire/definition.ts';
import { toStatus } from '../../services/wire/status.ts';
import { ganglion as run } from '../cli/fakeConsole.ts';
import { localCoordinator } from '../coordinator/localCoordinator.ts';
import { startProgram } from './cluster.ts';

const FIXTURE = join(packageRoot(), 'tests', 'fixtures', 'v1');

let folder: string;
let coordinator: RunningCoordinator;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-v1-'));
  await cp(join(FIXTURE, 'data'), folder, { recursive: true });
  coordinator = await localCoordinator(folder);
});
afterAll(async () => {
  await coordinator.close();
  await rm(folder, { recursive: true });
});

const on = async (...argv: string[]) => {
  const { code, out, err } = await run(argv, { environment: { coordinator: coordinator.address } });
  expect(code, err).toBe(0);
  return out;
};
const json = async <Found>(...argv: string[]) => JSON.parse(await on(...argv, '-o', 'json')) as Found;
/** The last object of a file of the fixture. */
const stored = async (...path: string[]) => {
  const text = await readFile(join(FIXTURE, 'data', ...path), 'utf8');
  return JSON.parse(path.at(-1)?.endsWith('.jsonl') ? (text.trimEnd().split('\n').at(-1) ?? '') : text);
};
const manifest = (id: string, phase: string) => stored(id, 'checkpoints', `phase-0000000${phase}`, 'manifest.json');

describe('the journal and the run folders', () => {
  it('are those runs: where they stood, with their evaluations, whatever folder they are in now', async () => {
    const [half, whole] = await json<RunView[]>('runs', 'list');
    expect(half).toMatchObject({ runId: 'half', state: 'paused', phase: 20, checkpointPhases: [0, 20] });
    expect(whole).toMatchObject({
      ...{ runId: 'whole', state: 'completed', phase: 40, folder: join(folder, 'whole') },
      weightsSha256: (await manifest('whole', '40')).weightsSha256,
      evaluation: { phase: 40, measures: [{ name: 'mmd2' }] },
      best: { measure: 'mmd2' },
    });
  });

  it('know the launch that made them: the same config is the same run', async () => {
    const again = await json<RunView>('launch', '-f', join(FIXTURE, 'run.yaml'), '--run-id', 'whole');
    expect(again).toMatchObject({ runId: 'whole', state: 'completed' });
  });

  it('go on: the paused run comes to the weights of the one that was never interrupted', async () => {
    await on('runs', 'resume', 'half');
    const worker = startProgram(['worker', '--coordinator', coordinator.address, '--backend', 'wasm']);
    try {
      const { weightsSha256 } = await json<RunView>('runs', 'wait', 'half', '--timeout', '60');
      expect(weightsSha256).toBe((await manifest('whole', '40')).weightsSha256);
    } finally {
      await worker.kill('SIGKILL');
    }
  });
});

describe('a checkpoint', () => {
  const whole = () => join(folder, 'whole');

  it('is whole, and evaluates to what was measured then', async () => {
    const verdicts = await json<{ ok: boolean; phase: number }[]>('checkpoints', 'verify', whole());
    expect(verdicts.map(({ ok, phase }) => [ok, phase])).toEqual([
      [true, 20],
      [true, 40],
    ]);
    const line = await stored('whole', 'metrics-evaluation.jsonl');
    const asThen = ['--phase', '40', '--metrics', 'mmd', '--samples', '100', '--seed', '0', '--backend', 'wasm'];
    const { measures } = await json<{ measures: { name: string; value: number }[] }>('evaluate', whole(), ...asThen);
    expect(measures.find(({ name }) => name === 'mmd2')?.value).toBeCloseTo(line.measures.mmd2.value, 6);
  });

  it('can be sampled and exported, and its run reported', async () => {
    await on('sample', whole(), '--count', '5', '--to', join(folder, 'five.npy'), '--backend', 'wasm');
    expect((await readFile(join(folder, 'five.npy'))).length).toBeGreaterThanOrEqual(5 * 2 * 4);
    await on('export', whole(), '--format', 'onnx', '--to', join(folder, 'onnx'));
    await on('report', whole(), '--to', join(folder, 'whole.html'));
    expect(await readFile(join(folder, 'whole.html'), 'utf8')).toContain('whole');
  });

  it('of a form that is not known yet is refused by its name', async () => {
    const newer = join(folder, 'newer');
    await cp(join(FIXTURE, 'data', 'whole'), newer, { recursive: true });
    const file = join(newer, 'checkpoints', 'phase-000000040', 'manifest.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('ganglion.checkpoint.v1', 'ganglion.checkpoint.v2'));
    const { code, err } = await run(['checkpoints', 'verify', newer]);
    expect(code).toBe(1);
    expect(err).toMatch(
      /phase-000000040.* has the form ganglion\.checkpoint\.v2; this program reads .*\.v1\. Use the version/,
    );
  });
});

describe('a worker', () => {
  it('that its coordinator does not understand ends with the sentence, and does not dial for ever', async () => {
    const server = new Server();
    const { Control } = ganglionV1.WorkerService.service;
    const refusal = new GanglionError({
      ...{ code: 'protocol-mismatch', remedy: 'Use one version.' },
      message: 'The caller speaks protocol version 1; this coordinator speaks 2.',
    });
    server.addService({ Control }, { Control: (call: Writable) => call.emit('error', toStatus(refusal)) });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    onTestFinished(() => server.forceShutdown());
    const worker = startProgram(['worker', '--coordinator', `127.0.0.1:${port}`, '--backend', 'wasm']);
    const [code] = await once(worker.child, 'close');
    expect([code, worker.words()]).toEqual([1, expect.stringContaining(`ganglion: ${refusal.message}\n`)]);
  });
});
