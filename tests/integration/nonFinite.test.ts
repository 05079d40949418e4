/** Proves that a gradient which is not finite is never applied: it is named, and the run stops before it, or leaves it out. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

const RUN = { workers: 2, shards: 4, phases: 300, hidden: 64, everyPhases: 1000 } as const;

describe.each([
  ['direct', 'wireFormat: fp32'],
  ['star', 'wireFormat: fp32'],
  // What is kept of it belongs to shards, and must be brought together before the run rests.
  ['direct', 'wireFormat: bf16'],
] as const)('a NaN in one shard’s gradient, %s road, %s', (road, compression) => {
  let cluster: Cluster;
  let undisturbed = '';
  beforeAll(async () => {
    cluster = await Cluster.start({ allowChaos: true });
    await cluster.addWorkers(['one', 'two']);
    const run = await cluster.completed(
      await cluster.launch(smallRun({ ...RUN, name: 'undisturbed', road, compression })),
    );
    undisturbed = run.weightsSha256;
  });
  afterAll(() => cluster.stop());

  it('stops the run at the last good phase, with tensor, shard and worker; resumed, it ends with the same bits', async () => {
    const runId = await cluster.launch(smallRun({ ...RUN, name: 'stops', road, compression }));
    await cluster.until(runId, ({ phase }) => phase >= 20);
    await cluster.client.inject('two', 'nan', 0);
    const failed = await cluster.until(runId, ({ state }) => state === 'failed');
    // The fault is gone when the shards are looked at again: a gradient of real data would show its shard here.
    expect(failed.why).toMatch(/^Phase \d+ gave a gradient of discriminator\.\d\.weight that is not finite, from /);
    expect(failed.checkpointPhases.at(-1)).toBe(failed.phase);
    const phase = Number(/^Phase (\d+)/.exec(failed.why)?.[1]);
    expect(failed.phase).toBe(phase);
    const evidence = join(failed.folder, `non_finite_${String(phase).padStart(6, '0')}.json`);
    expect(JSON.parse(await readFile(evidence, 'utf8'))).toMatchObject({
      phase,
      tensor: expect.stringContaining('discriminator'),
    });
    await cluster.client.resumeRun(runId);
    expect((await cluster.completed(runId)).weightsSha256).toBe(undisturbed);
  });

  it('skip-phase: the run says so and goes on', async () => {
    const runId = await cluster.launch(
      smallRun({ ...RUN, name: 'skips', onNonFinite: 'skip-phase', road, compression }),
    );
    await cluster.until(runId, ({ phase }) => phase >= 20);
    await cluster.client.inject('one', 'nan', 0);
    expect((await cluster.completed(runId)).weightsSha256).not.toBe(undisturbed);
    const reasons: string[] = [];
    for await (const event of cluster.client.watchRun(runId, 0)) if (event.kind === 'state') reasons.push(event.why);
    expect(reasons.some((why) => /is not finite.*Its update was left out, as onNonFinite says\.$/.test(why))).toBe(
      true,
    );
  });
});

it('chaos is refused where it was not allowed, and without --yes-break-things', async () => {
  const cluster = await Cluster.start();
  try {
    await expect(cluster.client.inject('', 'kill', 0)).rejects.toMatchObject({
      code: 'refused',
      message: 'This coordinator does not take faults on purpose.',
    });
  } finally {
    await cluster.stop();
  }
});
