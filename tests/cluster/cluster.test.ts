/**
 * Proves promise 2 on a real Kubernetes: the local overlay as it is, a run launched from outside, and all that a cluster does
 * to pods in one life. The run completes, no phase is undone, and its weights are those of an undisturbed run on this machine.
 */
import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { must } from '../../services/errors/invariant.ts';
import { isFinal } from '../../services/report/runEvent.ts';
import type { RunView } from '../../services/report/runView.ts';
import { connect, type RunsClient } from '../../services/wire/client.ts';
import { PROGRAM } from '../integration/cluster.ts';
import { smallRun } from '../integration/runs.ts';
import { type ClusterEnvironment, readClusterEnvironment } from './clusterEnvironment.ts';
import { clear, kubectl, nodesOf, ready } from './kubectl.ts';
import { Overlay } from './overlay.ts';
import { PortForward } from './portForward.ts';
import { undisturbed } from './undisturbed.ts';

/** Long enough for everything that happens to it: minutes for one worker that nobody disturbs. */
const RUN = smallRun({
  name: 'drill',
  workers: '{ min: 1, max: 3 }',
  shards: 3,
  phases: 12_000,
  hidden: 256,
  everyPhases: 2_000,
});
const POLL_MS = 500;
const STEP_MS_MAX = 600_000;
const AT_ONCE = ['--grace-period=0', '--force'];

let environment: ClusterEnvironment;
let forward: PortForward;
let client: RunsClient;
let overlay: Overlay;

beforeAll(async () => {
  environment = readClusterEnvironment();
  await clear();
  overlay = new Overlay(['overlays/local'], environment.images[0]);
  await overlay.apply();
  await ready('coordinator');
  await ready('worker');
  forward = await PortForward.open('service/ganglion-coordinator', 7600);
  client = connect(forward.address, { timeoutMs: 4_000 });
});

afterAll(async () => {
  client?.close();
  forward?.close();
  overlay?.remove();
});

it('admits no pod that is less than restricted', () => {
  const args = ['--namespace', 'ganglion', 'run', 'intruder', '--image=busybox', '--privileged', '--dry-run=server'];
  expect(spawnSync('kubectl', args, { encoding: 'utf8' }).stderr).toContain('violates PodSecurity "restricted:latest"');
});

it('a run outlives deleted pods, a drain, a new image, a killed coordinator and scaling, to the same bits', async () => {
  const config = join(overlay.folder, 'run.yaml');
  writeFileSync(config, RUN);
  const ganglion = ['--coordinator', forward.address, 'launch', '-f', config, '-o', 'name'];
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...ganglion]);
  const runId = stdout.trim();
  /** Something is done to the cluster, and then so many workers train in a generation that was not there before. */
  const then = (what: string, workers: number, act: () => Promise<unknown>) =>
    step(what, async () => {
      const before = await until(runId, () => true);
      await act();
      const isAnew = (run: RunView) => run.generation > before.generation && run.workerIds.length === workers;
      await until(runId, (run) => run.state === 'running' && isAnew(run));
    });

  await step('two workers train', () => until(runId, (run) => run.state === 'running' && run.workerIds.length === 2));
  await then('a worker’s pod is killed', 2, () => kubectl('delete', 'pod', 'ganglion-worker-1', ...AT_ONCE));
  await then('a worker’s pod is deleted, and drains', 2, () => kubectl('delete', 'pod', 'ganglion-worker-0'));
  await then('a node is drained', 2, async () => {
    const home = must((await nodesOf('coordinator')).get('ganglion-coordinator-0'), 'node of the coordinator');
    const node = must(
      [...(await nodesOf('worker')).values()].find((one) => one !== home),
      'a node with a worker alone',
    );
    await kubectl('drain', node, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=240s');
    await ready('worker');
    await kubectl('uncordon', node);
  });
  await then('the workers get a new image', 2, async () => {
    await kubectl('set', 'image', 'statefulset/ganglion-worker', `worker=${environment.images[1]}`);
    await ready('worker');
  });
  await then('the coordinator’s pod is killed', 2, async () => {
    // Not by force: the next pod may come only when this one is gone, for both write one journal.
    await kubectl('delete', 'pod', 'ganglion-coordinator-0', '--grace-period=1');
    await ready('coordinator');
    forward.renew();
  });
  await then('scaled to three', 3, () => kubectl('scale', 'statefulset/ganglion-worker', '--replicas=3'));
  await then('scaled to one', 1, () => kubectl('scale', 'statefulset/ganglion-worker', '--replicas=1'));
  const completed = await step('the rest of the run', () => until(runId, ({ state }) => state === 'completed'));

  // A coordinator that was started again knows its newest checkpoint alone, until its workers are back: but no phase comes twice.
  let last = -1;
  for await (const event of client.watchRun(runId, 0)) {
    if (event.kind !== 'phase') continue;
    expect(event.phase).toBeGreaterThan(last);
    last = event.phase;
  }
  expect(completed.weightsSha256).toBe(await step('the same run, undisturbed, here', () => undisturbed(RUN)));
});

async function until(runId: string, wanted: (run: RunView) => boolean): Promise<RunView> {
  const deadline = Date.now() + STEP_MS_MAX;
  for (;;) {
    // While the coordinator's pod is away the port leads nowhere.
    const run = await client.getRun(runId).catch(() => undefined);
    if (run && wanted(run)) return run;
    if ((run && isFinal(run.state)) || Date.now() > deadline) {
      throw new Error(`${runId} is ${run?.state} at phase ${run?.phase} of ${run?.totalPhases}: ${run?.why}`);
    }
    await sleep(POLL_MS);
  }
}

async function step<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
  const begunMs = Date.now();
  const result = await act();
  console.log(`${what}: ${((Date.now() - begunMs) / 1000).toFixed(1)} s`);
  return result;
}
