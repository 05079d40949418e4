/** Proves that a run which was paused, taken back to an older checkpoint, or cut by the coordinator's death ends with the bits of an uninterrupted one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

const RUN = { shards: 2, workers: 2, phases: 300, hidden: 64, everyPhases: 40 } as const;

describe.each(['tensorflow', 'wasm'] as const)('resume on %s', (backend) => {
  let cluster: Cluster;
  let uninterrupted = '';
  beforeAll(async () => {
    cluster = await Cluster.start();
    await cluster.addWorkers(['one', 'two'], backend);
    const run = await cluster.completed(await cluster.launch(smallRun({ ...RUN, name: 'uninterrupted' })));
    uninterrupted = run.weightsSha256;
  });
  afterAll(() => cluster.stop());

  it('after a pause, from the newest checkpoint, which is of the phase it was paused at', async () => {
    const runId = await cluster.launch(smallRun({ ...RUN, name: 'paused' }));
    await cluster.until(runId, ({ phase }) => phase >= 30);
    await cluster.client.pauseRun(runId);
    const paused = await cluster.until(runId, ({ state }) => state === 'paused');
    expect(paused.checkpointPhases.at(-1)).toBe(paused.phase);
    expect(paused.phase).toBeLessThan(RUN.phases);
    expect(paused.workerIds).toEqual([]);
    await cluster.client.resumeRun(runId);
    expect((await cluster.completed(runId)).weightsSha256).toBe(uninterrupted);
  });

  it('from an older checkpoint: the same phases come again, to the same bits, and are told once', async () => {
    const runId = await cluster.launch(smallRun({ ...RUN, name: 'older' }));
    await cluster.until(runId, ({ phase }) => phase >= 130);
    await cluster.client.pauseRun(runId);
    const { checkpointPhases } = await cluster.until(runId, ({ state }) => state === 'paused');
    const oldest = checkpointPhases[0] ?? 0;
    await cluster.client.resumeRun(runId, oldest);
    expect((await cluster.completed(runId)).weightsSha256).toBe(uninterrupted);
    const phases: number[] = [];
    for await (const event of cluster.client.watchRun(runId, 0)) if (event.kind === 'phase') phases.push(event.phase);
    expect(phases).toEqual([...new Set(phases)].sort((a, b) => a - b));
    expect(phases.at(-1)).toBe(RUN.phases - 1);
  });

  it('after the coordinator was killed and started again', async () => {
    const runId = await cluster.launch(smallRun({ ...RUN, name: 'killed' }));
    await cluster.until(runId, ({ phase }) => phase >= 100);
    await cluster.killCoordinator('SIGKILL');
    await cluster.startCoordinator();
    expect((await cluster.client.getRun(runId)).phase).toBeGreaterThanOrEqual(80);
    expect((await cluster.completed(runId)).weightsSha256).toBe(uninterrupted);
  });

  it('a cancelled run ends for good at a phase boundary, and can be taken up again', async () => {
    const runId = await cluster.launch(smallRun({ ...RUN, name: 'cancelled' }));
    await cluster.until(runId, ({ phase }) => phase >= 20);
    await cluster.client.cancelRun(runId);
    await cluster.until(runId, ({ state }) => state === 'cancelled');
    await cluster.client.resumeRun(runId);
    expect((await cluster.completed(runId)).weightsSha256).toBe(uninterrupted);
  });
});
