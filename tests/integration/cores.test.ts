/** Proves on real processes that two workers on one machine keep to cores of their own, and that the last one has all. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseCores } from '../../services/cores/cores.ts';
import { allowedCores, pinningObstacle } from '../../services/cores/pinning.ts';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

const cores = allowedCores();

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ failureDetectionMs: 2_000 });
  await cluster.addWorkers(['one', 'two']);
});
afterAll(() => cluster.stop());

/** Of every thread of the worker. */
function coresOf(id: string): number[][] {
  const { pid } = cluster.worker(id).child;
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    return [...(parseCores(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '') ?? [])];
  });
}

it.runIf(cores.length > 1 && pinningObstacle() === undefined)('each has its share, all threads of it', async () => {
  const runId = await cluster.launch(
    smallRun({
      name: 'pinned',
      workers: '{ min: 1, max: 2 }',
      shards: 2,
      phases: 2_000,
      hidden: 64,
      everyPhases: 1000,
    }),
  );
  await cluster.until(runId, ({ phase, workerIds }) => phase >= 20 && workerIds.length === 2);
  const [one, two] = [coresOf('one').flat(), coresOf('two').flat()];
  expect(one.filter((core) => two.includes(core))).toEqual([]);
  expect(new Set(one).size).toBe(Math.floor(cores.length / 2));
  await cluster.killWorker('two', 'SIGKILL');
  await cluster.until(runId, ({ state, workerIds }) => state === 'running' && workerIds.length === 1);
  for (const thread of coresOf('one')) expect(thread).toEqual(cores);
  await cluster.client.cancelRun(runId);
});
