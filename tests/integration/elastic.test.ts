/**
 * Proves promise 2 for a run that may have one to three workers: whoever joins, drains, hangs or is killed, and when the
 * coordinator dies, it goes on with those that are there, undoes no phase, and ends with the undisturbed run's weights.
 */
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../services/report/runEvent.ts';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

const RUN = { workers: '{ min: 1, max: 3 }', shards: 4, phases: 300, hidden: 64, everyPhases: 1000 } as const;

describe.each(['direct', 'star'] as const)('an elastic run on the %s road', (road) => {
  let cluster: Cluster;
  let undisturbed = '';
  beforeAll(async () => {
    cluster = await Cluster.start({ failureDetectionMs: 2_000 });
    await cluster.addWorkers(['one']);
    const run = await cluster.completed(await cluster.launch(smallRun({ ...RUN, name: 'undisturbed', road })));
    undisturbed = run.weightsSha256;
  });
  afterAll(() => cluster.stop());
  afterEach(async () => {
    for (const id of ['two', 'three']) await cluster.killWorker(id, 'SIGKILL');
  });

  const events = async (runId: string): Promise<RunEvent[]> => {
    const all: RunEvent[] = [];
    for await (const event of cluster.client.watchRun(runId, 0)) all.push(event);
    return all;
  };
  /** Committed phases, as every event that tells them: they never go back. */
  const expectForward = (all: readonly RunEvent[]) => {
    const phases = all.flatMap((event) => (event.kind === 'snapshot' ? [] : [event.phase]));
    for (const [i, phase] of phases.entries()) expect(phase).toBeGreaterThanOrEqual((phases[i - 1] ?? 0) - 1);
  };

  it('grows when workers join, shrinks when one drains, and loses no phase by it', async () => {
    const runId = await cluster.launch(smallRun({ ...RUN, name: 'grows', road }));
    await cluster.until(runId, ({ phase }) => phase >= 20);
    await cluster.addWorkers(['two', 'three']);
    await cluster.until(runId, ({ state, workerIds }) => state === 'running' && workerIds.length === 3);
    const ended = once(cluster.worker('two').child, 'exit');
    if (road === 'star') await cluster.killWorker('two', 'SIGTERM');
    else await cluster.client.drainWorker('two');
    expect(await ended).toEqual([0, null]);
    await cluster.until(runId, ({ workerIds }) => workerIds.length === 2);
    expect((await cluster.completed(runId)).weightsSha256).toBe(undisturbed);
    const all = await events(runId);
    expectForward(all);
    expect(all.flatMap((event) => (event.kind === 'state' ? [event.state] : []))).not.toContain('waiting');
  });

  it('a worker that has nothing to do drains as well, by either word, and exits with 0', async () => {
    for (const drain of [() => cluster.killWorker('idle', 'SIGTERM'), () => cluster.client.drainWorker('idle')]) {
      await cluster.addWorkers(['idle']);
      const ended = once(cluster.worker('idle').child, 'exit');
      await drain();
      expect(await ended).toEqual([0, null]);
    }
  });

  it('a killed worker: the others go on at once, and it comes back', async () => {
    await cluster.addWorkers(['two', 'three']);
    const runId = await cluster.launch(smallRun({ ...RUN, name: 'killed', road }));
    await cluster.until(runId, ({ phase, workerIds }) => phase >= 20 && workerIds.length === 3);
    await cluster.killWorker('three', 'SIGKILL');
    await cluster.until(runId, ({ state, workerIds }) => state === 'running' && workerIds.length === 2);
    await cluster.addWorkers(['three']);
    await cluster.until(runId, ({ workerIds }) => workerIds.length === 3);
    expect((await cluster.completed(runId)).weightsSha256).toBe(undisturbed);
    expectForward(await events(runId));
  });

  it('a worker that hangs is fenced, and joins again when it wakes', async () => {
    await cluster.addWorkers(['two']);
    const runId = await cluster.launch(smallRun({ ...RUN, phases: 600, name: 'hangs', road }));
    await cluster.until(runId, ({ phase, workerIds }) => phase >= 20 && workerIds.length === 2);
    cluster.worker('two').child.kill('SIGSTOP');
    await cluster.until(runId, ({ state, workerIds }) => state === 'running' && workerIds.length === 1);
    cluster.worker('two').child.kill('SIGCONT');
    await cluster.until(runId, ({ workerIds }) => workerIds.length === 2);
    await cluster.completed(runId);
    const reasons = (await events(runId)).flatMap((event) => (event.kind === 'state' ? [event.why] : []));
    expect(reasons.some((why) => /^Worker two was silent for \d\.\d s, last seen in phase \d+: \w+/.test(why))).toBe(
      true,
    );
  });

  it('the coordinator dies: workers keep their state, and the run goes on from the newest phase that one holds', async () => {
    await cluster.addWorkers(['two']);
    const runId = await cluster.launch(smallRun({ ...RUN, name: 'restart', road }));
    const before = await cluster.until(runId, ({ phase, workerIds }) => phase >= 60 && workerIds.length === 2);
    await cluster.killCoordinator('SIGKILL');
    await cluster.startCoordinator();
    const after = await cluster.until(runId, ({ state }) => state === 'running');
    // The only checkpoint is the one of phase 0: what goes on is what the workers kept.
    expect(after.phase).toBeGreaterThanOrEqual(before.phase);
    expect((await cluster.completed(runId)).weightsSha256).toBe(undisturbed);
  });

  it('more workers than shards: the third is a hot spare, and takes over', async () => {
    const config = smallRun({ ...RUN, name: 'spare', shards: 2, road });
    const alone = await cluster.completed(await cluster.launch(config));
    await cluster.addWorkers(['two', 'three']);
    const runId = await cluster.launch(config);
    await cluster.until(runId, ({ phase, workerIds }) => phase >= 20 && workerIds.length === 3);
    await cluster.killWorker('two', 'SIGKILL');
    expect((await cluster.completed(runId)).weightsSha256).toBe(alone.weightsSha256);
    expect((await events(runId)).some((event) => event.kind === 'state' && event.why.includes('1 hot spare'))).toBe(
      true,
    );
  });
});
