/**
 * Proves that a crash at each named failpoint costs nothing: the process is killed there, is started again, and the run
 * ends with the undisturbed run's weights.
 */
import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FAILPOINTS } from '../../services/failpoint/failpoint.ts';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

const RUN = { workers: '{ min: 1, max: 2 }', shards: 2, phases: 60, hidden: 32, everyPhases: 10 } as const;
/** How often a point is passed before it acts: the run is under way by then. Points that are passed once a generation act at once. */
const PASS: Partial<Record<(typeof FAILPOINTS)[number], number>> = {
  'journal.beforeWrite': 3,
  'journal.beforeSync': 3,
  'journal.afterSync': 3,
  'coordinator.beforeSend': 2,
  'coordinator.afterSend': 4,
  'worker.beforeReady': 1,
  'worker.beforeHeld': 1,
  'worker.beforeUpload': 2,
  'file.beforeSync': 5,
  'file.beforeRename': 2,
  'file.afterRename': 2,
};

let cluster: Cluster;
let undisturbed = '';
beforeAll(async () => {
  const calm = await Cluster.start();
  await calm.addWorkers(['one', 'two'], 'cpu');
  undisturbed = (await calm.completed(await calm.launch(smallRun(RUN)))).weightsSha256;
  await calm.stop();
});
afterEach(() => cluster.stop());

describe.each(FAILPOINTS.filter((name) => !name.startsWith('worker.')))('the coordinator dies at %s', (name) => {
  it('and the run goes on', async () => {
    cluster = await Cluster.start({ failpoints: `${name}=kill@${PASS[name] ?? 12}` });
    const died = once(cluster.coordinator.child, 'exit');
    await cluster.addWorkers(['one', 'two'], 'cpu');
    // The launch itself may be what it dies of: what was not promised may be there or not.
    const promised = await cluster.launch(smallRun(RUN)).catch(() => undefined);
    expect(await died).toEqual([null, 'SIGKILL']);
    await cluster.startCoordinator({ failpoints: '' });
    const [kept] = await cluster.client.listRuns();
    const runId = promised ?? kept?.runId ?? (await cluster.launch(smallRun(RUN)));
    expect((await cluster.completed(runId)).weightsSha256).toBe(undisturbed);
  });
});

/** Where these runs come by: exchanges are in `synchronised.test.ts`. */
const PASSED = FAILPOINTS.filter((name) => name.startsWith('worker.') && name !== 'worker.beforeExchange');

describe.each(PASSED)('a worker dies at %s', (name) => {
  it('and the run goes on', async () => {
    cluster = await Cluster.start();
    await cluster.addWorkers(['two'], 'cpu', { failpoints: `${name}=kill@${PASS[name] ?? 5}` });
    const died = once(cluster.worker('two').child, 'exit');
    await cluster.addWorkers(['one'], 'cpu');
    const runId = await cluster.launch(smallRun(RUN));
    if (name === 'worker.beforeHeld') {
      await cluster.until(runId, ({ phase }) => phase >= 5);
      await cluster.client.pauseRun(runId);
    }
    expect(await died).toEqual([null, 'SIGKILL']);
    if (name === 'worker.beforeHeld') {
      await cluster.until(runId, ({ state }) => state === 'paused');
      await cluster.client.resumeRun(runId);
    }
    await cluster.addWorkers(['two'], 'cpu');
    expect((await cluster.completed(runId)).weightsSha256).toBe(undisturbed);
  });
});
