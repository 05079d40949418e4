/** Proves `--wait` against real workers: over a coordinator that is killed meanwhile, and a launch that it died of is repeated. */
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { must } from '../../services/errors/invariant.ts';
import type { RunView } from '../../services/report/runView.ts';
import { Cluster, startProgram } from './cluster.ts';
import { smallRun } from './runs.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
  await cluster.addWorkers(['one', 'two']);
});
afterAll(() => cluster.stop());

async function ganglion(...args: string[]) {
  const { child, words } = startProgram([...args, '--coordinator', cluster.address]);
  const out = text(must(child.stdout, 'stdout'));
  const [code] = await once(child, 'close');
  return { code, out: await out, err: words() };
}

const json = async (...args: string[]) => {
  const { code, out, err } = await ganglion(...args, '-o', 'json');
  expect(code, err).toBe(0);
  return JSON.parse(out) as RunView;
};

const WAITED = `waiting for endless-1 to be paused
The coordinator went away: it is dialled again for up to a minute.
`;
const endless = smallRun({ name: 'endless', phases: 100_000, workers: '{ min: 1, max: 2 }', everyPhases: 1_000 });

it('a wait goes on over the coordinator’s death; pause, resume and cancel are where they should be', async () => {
  const run = await cluster.launch(endless);
  await cluster.until(run, ({ state }) => state === 'running');
  const waiting = startProgram(['runs', 'wait', 'endless', '--for=paused', '--coordinator', cluster.address]);
  const ended = once(waiting.child, 'close');
  await once(must(waiting.child.stderr, 'stderr'), 'data');
  await cluster.killCoordinator();
  await cluster.startCoordinator();
  const paused = await json('runs', 'pause', run, '--wait');
  expect(paused).toMatchObject({ state: 'paused', checkpointPhases: expect.arrayContaining([paused.phase]) });
  const [code] = await ended;
  expect([code, waiting.words()]).toEqual([0, WAITED]);
  const resumed = await json('runs', 'resume', run, '--wait');
  expect(['running', 'waiting']).toContain(resumed.state);
  expect((await json('runs', 'cancel', run, '--wait')).state).toBe('cancelled');
});

it('a drain is waited for until the worker is gone', async () => {
  const { code, err } = await ganglion('workers', 'drain', 'tw', '--wait');
  expect([code, err]).toEqual([
    0,
    expect.stringMatching(/^two was asked to leave\.\n(waiting for worker two to be gone\n)?two is gone\.\n$/),
  ]);
  expect((await cluster.client.listWorkers()).map(({ workerId }) => workerId)).toEqual(['one']);
});

it('a launch with an id that its coordinator died of is repeated, and there is one run, which completes', async () => {
  await cluster.killCoordinator();
  await cluster.startCoordinator({ failpoints: 'journal.beforeWrite=kill' });
  const yaml = smallRun({ name: 'twice', workers: 1, phases: 12 });
  await expect(cluster.client.createRun(yaml, false, 'nightly')).rejects.toThrow();
  await cluster.startCoordinator();
  const created = await cluster.client.createRun(yaml, false, 'nightly');
  const again = await cluster.client.createRun(yaml, false, 'nightly');
  expect([created.runId, again.runId, again.createdAtMs]).toEqual(['nightly', 'nightly', created.createdAtMs]);
  const done = await json('runs', 'wait', 'nightly');
  expect(done).toMatchObject({ state: 'completed', phase: 12 });
  expect((await cluster.client.listRuns()).map(({ runId }) => runId)).toEqual(['endless-1', 'nightly']);
});
