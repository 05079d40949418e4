/**
 * Proves promise 1 for `compile: xla`: one worker, two, one that joins in the middle, and a resumed run end with the same
 * weights, which are not those of op by op. Where XLA has another function, the run fails at once and says why.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { type SmallRun, smallRun } from './runs.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
});
afterAll(() => cluster.stop());

const RUN = {
  workers: '{ min: 1, max: 2 }',
  shards: 2,
  phases: 500,
  hidden: 64,
  everyPhases: 40,
  compile: 'xla',
} as const;
const launch = (run: SmallRun) => cluster.launch(smallRun({ ...RUN, ...run }));

it('gives the same weights, whoever computes from when on', async () => {
  await cluster.addWorkers(['one'], 'tensorflow');
  const alone = await cluster.completed(await launch({ name: 'alone' }));
  const opByOp = await cluster.completed(await launch({ name: 'op-by-op', compile: 'off' }));
  expect(alone.weightsSha256).not.toBe(opByOp.weightsSha256);
  expect(cluster.worker('one').words()).toMatch(/XLA compiles it/);

  const runId = await launch({ name: 'joined' });
  await cluster.until(runId, ({ phase }) => phase >= 50);
  // A worker takes longer to start than the run has left.
  await cluster.client.pauseRun(runId);
  await cluster.until(runId, ({ state }) => state === 'paused');
  await cluster.addWorkers(['two'], 'tensorflow');
  await cluster.client.resumeRun(runId);
  await cluster.until(runId, ({ phase, workerIds }) => phase < RUN.phases && workerIds.length === 2);
  expect((await cluster.completed(runId)).weightsSha256).toBe(alone.weightsSha256);

  const pausedId = await launch({ name: 'paused' });
  await cluster.until(pausedId, ({ phase, workerIds }) => phase >= 50 && workerIds.length === 2);
  await cluster.client.pauseRun(pausedId);
  const { checkpointPhases } = await cluster.until(pausedId, ({ state }) => state === 'paused');
  await cluster.client.resumeRun(pausedId, checkpointPhases[0] ?? 0);
  expect((await cluster.completed(pausedId)).weightsSha256).toBe(alone.weightsSha256);
});

it('fails, with the sentence, where XLA has another function, and harms no worker', async () => {
  const runId = await launch({ name: 'pooled', networks: 'packs', shards: 3 });
  const failed = await cluster.until(runId, ({ state }) => state === 'failed');
  expect(failed.phase).toBe(0);
  expect(failed.why).toMatch(
    /^Worker (one|two) stopped at phase 0: XLA cannot compute "discriminator, of discriminator and generator, penalised, 20 samples": its MaxPoolGradGrad .*\. Launch the run with `compile: auto`\./,
  );
  const next = await launch({ name: 'pooled', networks: 'packs', shards: 3, compile: 'auto', phases: 8 });
  expect((await cluster.completed(next)).phase).toBe(8);
});
