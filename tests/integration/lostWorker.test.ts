/**
 * Proves that a killed worker costs time and nothing else: the run pauses with a reason that names it, goes on from the
 * last committed phase when enough workers are there again, and ends with the bits of the undisturbed run.
 */
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

const RUN = { shards: 4, workers: 2, phases: 400, hidden: 64, everyPhases: 1000 } as const;

describe('a run that loses a worker', () => {
  let cluster: Cluster;
  let undisturbed = '';
  beforeAll(async () => {
    cluster = await Cluster.start();
    await cluster.addWorkers(['one', 'two']);
    const run = await cluster.completed(await cluster.launch(smallRun({ ...RUN, name: 'undisturbed' })));
    undisturbed = run.weightsSha256;
  });
  afterAll(() => cluster.stop());

  it.each(['SIGKILL', 'SIGTERM'] as const)('%s: waits, says for whom, and ends with the same bits', async (signal) => {
    const runId = await cluster.launch(smallRun({ ...RUN, name: `lost-${signal.toLowerCase()}` }));
    await cluster.until(runId, ({ phase }) => phase >= 60);
    await cluster.worker('two').kill(signal);
    const waiting = await cluster.until(runId, ({ state, why }) => state === 'waiting' && why.includes('Waits'));
    expect(waiting.why).toMatch(/Waits for 2 workers of one device class .*: 1 here; phase \d+ is held\./);
    expect(waiting.phase).toBeGreaterThanOrEqual(60);
    expect(waiting.phase).toBeLessThan(RUN.phases);
    // The survivor's state was ahead of every checkpoint, and is durable now: nothing that was applied is undone.
    expect(waiting.checkpointPhases.at(-1)).toBe(waiting.phase);

    await cluster.addWorkers(['two']);
    const { weightsSha256, phase } = await cluster.completed(runId);
    expect([phase, weightsSha256]).toEqual([RUN.phases, undisturbed]);
    const reasons: string[] = [];
    for await (const event of cluster.client.watchRun(runId, 0)) {
      if (event.kind === 'state' && event.state === 'waiting') reasons.push(event.why);
    }
    expect(reasons[0]).toContain('Worker two');
  });

  it('the same id may come from another process: the newest is the worker, the former is told and ends', async () => {
    const runId = await cluster.launch(smallRun({ ...RUN, name: 'twice' }));
    await cluster.until(runId, ({ phase }) => phase >= 40);
    const former = cluster.worker('one');
    const ended = once(former.child, 'exit');
    await cluster.addWorkers(['one']);
    expect(await ended).toEqual([1, null]);
    expect(former.words()).toContain("has registered as 'one'.");
    expect((await cluster.completed(runId)).weightsSha256).toBe(undisturbed);
  });

  it('all of them at once: the run goes on from the newest checkpoint', async () => {
    const runId = await cluster.launch(smallRun({ ...RUN, name: 'all', everyPhases: 50 }));
    await cluster.until(runId, ({ phase }) => phase >= 120);
    await Promise.all([cluster.worker('one').kill('SIGKILL'), cluster.worker('two').kill('SIGKILL')]);
    await cluster.addWorkers(['three', 'four']);
    expect((await cluster.completed(runId)).weightsSha256).toBe(undisturbed);
  });
});
