/**
 * Proves that a run lies in a temporary folder until it is given back, as `ganglion evaluate` can read it, and that what killed
 * processes left is removed, and nothing else.
 */
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { verifyCheckpoints } from '../../services/checkpoint/verify.ts';
import { parseYaml, resolveRunConfig } from '../../services/config/resolve.ts';
import type { EvaluationOrder } from '../../services/control/messages.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { loadState } from '../../services/sampling/loadState.ts';
import { borrowRun, removeLeftBorrowed } from '../../services/worker/borrowedRun.ts';
import { smallRun } from '../integration/runs.ts';

const SAMPLE_SIZE = 784;
const config = resolveRunConfig(parseYaml(smallRun(), 'a run'), 'a run');

async function ownTmp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-test-'));
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });
  return folder;
}

const ORDER: EvaluationOrder = {
  ...{ evaluationId: 1, runId: 'r', phase: 20, totalPhases: 40, sampleSize: SAMPLE_SIZE, metrics: ['mmd'] },
  ...{ configJson: JSON.stringify(config), dataSha256: '' },
};

it('a borrowed run can be read, and is gone when it is given back', async () => {
  const tmp = await ownTmp();
  const state = initialState(config, SAMPLE_SIZE, new Float64Array(SAMPLE_SIZE).fill(0.5));
  const { folder, giveBack } = await borrowRun(ORDER, new Uint8Array(state.buffer));
  expect((await readdir(tmp)).map((name) => name.startsWith(`ganglion-borrowed-${process.pid}-`))).toEqual([true]);
  expect(await verifyCheckpoints(folder)).toMatchObject([{ phase: 20, ok: true }]);
  expect((await loadState(folder, undefined)).manifest).toMatchObject({ runId: 'r', phase: 20, totalPhases: 40 });
  await giveBack();
  expect(await readdir(tmp)).toEqual([]);
});

it('a state that is not the run’s leaves nothing behind', async () => {
  const tmp = await ownTmp();
  await expect(borrowRun(ORDER, new Uint8Array(4))).rejects.toThrow('a state of r has');
  expect(await readdir(tmp)).toEqual([]);
});

it('what processes that are no more left is removed', async () => {
  const tmp = await ownTmp();
  // Above every process id of Linux.
  const left = [`ganglion-borrowed-${2 ** 23}-a`, `ganglion-borrowed-${process.pid}-b`];
  const others = [`ganglion-borrowed-${process.ppid}-c`, 'ganglion-borrowed-', 'ganglion-run-1-d', 'else'];
  for (const name of [...left, ...others]) await mkdir(join(tmp, name, 'checkpoints'), { recursive: true });
  await removeLeftBorrowed();
  expect((await readdir(tmp)).sort()).toEqual(others.toSorted());
});
