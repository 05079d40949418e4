/**
 * Proves that a run lies in a temporary folder as long as it is used, as `ganglion evaluate` can read it, and that what killed
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
import { removeLeftBorrowed, withBorrowedRun } from '../../services/worker/borrowedRun.ts';
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

it.each([true, false])('a borrowed run can be read, and is gone afterwards (used: %s)', async (isUsed) => {
  const tmp = await ownTmp();
  const order: EvaluationOrder = {
    ...{ evaluationId: 1, runId: 'r', phase: 20, totalPhases: 40, sampleSize: SAMPLE_SIZE, metrics: ['mmd'] },
    ...{ configJson: JSON.stringify(config), dataSha256: '' },
  };
  const state = new Uint8Array(initialState(config, SAMPLE_SIZE, new Float64Array(SAMPLE_SIZE).fill(0.5)).buffer);
  const used = withBorrowedRun(order, state, async (folder) => {
    expect((await readdir(tmp)).map((name) => name.startsWith(`ganglion-borrowed-${process.pid}-`))).toEqual([true]);
    expect(await verifyCheckpoints(folder)).toMatchObject([{ phase: 20, ok: true }]);
    const { manifest } = await loadState(folder, undefined);
    if (!isUsed) throw new Error('killed');
    return manifest;
  });
  if (isUsed) expect(await used).toMatchObject({ runId: 'r', phase: 20, totalPhases: 40 });
  else await expect(used).rejects.toThrow('killed');
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
