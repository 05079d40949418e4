/**
 * Proves that a full disk stops a run with one clear sentence and harms nothing that was written: the kernel refuses to
 * let the coordinator's files grow (RLIMIT_FSIZE) until there is "room" again, and the run ends with the same bits.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { verifyCheckpoints } from '../../services/checkpoint/verify.ts';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

/** Less than a checkpoint, more than the journal and the history. */
const LIMIT_BYTES = 300_000;

it('a disk that is full in mid-run, and has room again', async () => {
  const cluster = await Cluster.start();
  onTestFinished(() => cluster.stop());
  await cluster.addWorkers(['one', 'two']);
  const run = { workers: 2, shards: 2, phases: 120, hidden: 64, everyPhases: 20 };
  const undisturbed = await cluster.completed(await cluster.launch(smallRun({ ...run, name: 'undisturbed' })));

  const runId = await cluster.launch(smallRun({ ...run, name: 'full' }));
  await cluster.until(runId, ({ checkpointPhases }) => checkpointPhases.includes(40));
  const limit = (bytes: string) => execFileSync('prlimit', [`--pid=${cluster.coordinatorPid}`, `--fsize=${bytes}:`]);
  limit(String(LIMIT_BYTES));
  const failed = await cluster.until(runId, ({ state }) => state === 'failed');
  expect(failed.why).toMatch(/^The disk is full: .*checkpoints\/phase-\d+ could not be written\. Free some space/);
  expect(failed.checkpointPhases).toContain(40);
  for (const { ok, why } of await verifyCheckpoints(join(cluster.dataDir, runId)))
    expect([ok, why]).toEqual([true, '']);

  limit('unlimited');
  await cluster.client.resumeRun(runId);
  expect((await cluster.completed(runId)).weightsSha256).toBe(undisturbed.weightsSha256);
});
