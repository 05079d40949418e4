/**
 * Proves promises 1 and 2 for `statistics: sync`, whose shards exchange sums in the middle of every pass: roads, wire formats
 * and hot spares do not change a bit, nor do joins, a drain, kills, a pause or a dead coordinator; and a NaN ends nothing.
 */
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { type SmallRun, smallRun } from './runs.ts';

const RUN = { networks: 'synchronised', shards: 2, workers: '{ min: 1, max: 3 }', phases: 12 } as const;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start({ allowChaos: true });
  await cluster.addWorkers(['one']);
});
afterAll(() => cluster.stop());
afterEach(async () => {
  for (const id of ['two', 'three']) await cluster.killWorker(id, 'SIGKILL');
});

const hashOf = async (run: SmallRun) =>
  (await cluster.completed(await cluster.launch(smallRun({ ...RUN, ...run })))).weightsSha256;

it.each(['wireFormat: fp32', 'wireFormat: bf16', 'wireFormat: powersgd, rank: 2'])(
  '%s: a hot spare and either road do not matter',
  async (compression) => {
    const alone = await hashOf({ compression, name: 'alone' });
    await cluster.addWorkers(['two', 'three']);
    for (const road of ['direct', 'star'] as const) expect(await hashOf({ compression, road, name: road })).toBe(alone);
  },
);

it('is another mathematics than that of single shards', async () => {
  expect(await hashOf({ name: 'sync' })).not.toBe(await hashOf({ name: 'shard', networks: 'images' }));
});

it('a worker that dies in the middle of a phase, between two exchanges, costs nothing', async () => {
  const run = { ...RUN, shards: 4, phases: 20, everyPhases: 20 };
  const undisturbed = await hashOf({ ...run, name: 'calm' });
  // A phase has ten.
  await cluster.addWorkers(['two'], 'tensorflow', { failpoints: 'worker.beforeExchange=kill@34' });
  const died = once(cluster.worker('two').child, 'exit');
  const runId = await cluster.launch(smallRun({ ...run, name: 'killed' }));
  expect(await died).toEqual([null, 'SIGKILL']);
  expect((await cluster.completed(runId)).weightsSha256).toBe(undisturbed);
});

it('joins, a drain, kills, a dead coordinator and a pause do not change a bit', async () => {
  const run = { ...RUN, shards: 4, phases: 300, everyPhases: 50, schedule: 'alternating' } as const;
  const undisturbed = await hashOf({ ...run, name: 'undisturbed' });
  const runId = await cluster.launch(smallRun({ ...run, name: 'disturbed' }));
  const working = (count: number) =>
    cluster.until(runId, ({ state, workerIds }) => state === 'running' && workerIds.length === count);
  await cluster.until(runId, ({ phase }) => phase >= 5);
  await cluster.addWorkers(['two', 'three']);
  await working(3);
  await cluster.client.drainWorker('two');
  const { phase } = await working(2);
  await cluster.until(runId, (view) => view.phase >= phase + 5);
  await cluster.killWorker('three', 'SIGKILL');
  await working(1);
  await cluster.addWorkers(['two']);
  await working(2);
  await cluster.killCoordinator('SIGKILL');
  await cluster.startCoordinator();
  await cluster.until(runId, ({ state }) => state === 'running');
  await cluster.client.pauseRun(runId);
  await cluster.until(runId, ({ state }) => state === 'paused');
  await cluster.client.resumeRun(runId);
  expect((await cluster.completed(runId)).weightsSha256).toBe(undisturbed);
});

it('a NaN: all compute the phase again to find its shard, and go on without it', async () => {
  await cluster.addWorkers(['two', 'three']);
  const run = { ...RUN, phases: 100, everyPhases: 100, onNonFinite: 'skip-phase', name: 'nan' } as const;
  const runId = await cluster.launch(smallRun(run));
  await cluster.until(runId, ({ phase, workerIds }) => phase >= 5 && workerIds.length === 3);
  const { workerIds } = await cluster.client.getRun(runId);
  await cluster.client.inject(workerIds[0] ?? '', 'nan', 0);
  await cluster.completed(runId);
  const reasons: string[] = [];
  for await (const event of cluster.client.watchRun(runId, 0)) if (event.kind === 'state') reasons.push(event.why);
  expect(reasons.join('\n')).toMatch(/is not finite.*Its update was left out, as onNonFinite says\./);
});
