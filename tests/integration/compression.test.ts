/**
 * Proves promises 1 and 2 for compressed gradients: what a wire format leaves out of a shard's gradient moves with the shard
 * and is in the checkpoints, so that workers may join, drain, be killed and be spread as they like, and the weights are one
 * worker's.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

describe.each(['wireFormat: bf16', 'wireFormat: bf16, errorFeedback: false', 'wireFormat: powersgd, rank: 3'])(
  '%s',
  (compression) => {
    let cluster: Cluster;
    beforeAll(async () => {
      cluster = await Cluster.start();
      await cluster.addWorkers(['one']);
    });
    afterAll(() => cluster.stop());
    afterEach(async () => {
      for (const id of ['two', 'three']) await cluster.killWorker(id, 'SIGKILL');
    });

    const hashOf = async (runId: string) => (await cluster.completed(runId)).weightsSha256;

    it('1, 2 and 3 workers on either road give the same weights, and others than fp32', async () => {
      await cluster.addWorkers(['two', 'three']);
      const hashes = new Set<string>();
      for (const [workers, road] of [
        [1, 'auto'],
        [2, 'direct'],
        [3, 'star'],
      ] as const) {
        hashes.add(await hashOf(await cluster.launch(smallRun({ workers, road, compression, shards: 3, phases: 13 }))));
      }
      expect(hashes.size).toBe(1);
      const exact = await hashOf(await cluster.launch(smallRun({ workers: 1, shards: 3, phases: 13 })));
      expect(hashes).not.toContain(exact);
    });

    it('joins, a drain, a kill, a dead coordinator and a pause do not change a bit', async () => {
      const run = { compression, workers: '{ min: 1, max: 3 }', shards: 4, phases: 600, hidden: 64, everyPhases: 40 };
      const undisturbed = await hashOf(await cluster.launch(smallRun({ ...run, name: 'undisturbed' })));
      const runId = await cluster.launch(smallRun({ ...run, name: 'disturbed' }));
      await cluster.until(runId, ({ phase }) => phase >= 20);
      await cluster.addWorkers(['two', 'three']);
      await cluster.until(runId, ({ state, workerIds }) => state === 'running' && workerIds.length === 3);
      await cluster.client.drainWorker('two');
      const { phase } = await cluster.until(
        runId,
        ({ state, workerIds }) => state === 'running' && workerIds.length === 2,
      );
      await cluster.until(runId, (view) => view.phase >= phase + 5);
      await cluster.killWorker('three', 'SIGKILL');
      await cluster.until(runId, ({ state, workerIds }) => state === 'running' && workerIds.length === 1);
      await cluster.addWorkers(['two']);
      await cluster.until(runId, ({ state, workerIds }) => state === 'running' && workerIds.length === 2);
      await cluster.killCoordinator('SIGKILL');
      await cluster.startCoordinator();
      await cluster.until(runId, ({ state }) => state === 'running');
      await cluster.client.pauseRun(runId);
      await cluster.until(runId, ({ state }) => state === 'paused');
      await cluster.client.resumeRun(runId);
      expect(await hashOf(runId)).toBe(undisturbed);
    });
  },
);
