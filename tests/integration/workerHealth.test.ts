/** Proves what a cluster's probes hear from a worker: healthy while it lives, ready while the coordinator counts on it. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { must } from '../../services/errors/invariant.ts';
import { Cluster } from './cluster.ts';

const POLL_MS = 50;
const READY_MS_MAX = 20_000;

describe('worker --http-port', () => {
  let cluster: Cluster;
  let base = '';
  beforeAll(async () => {
    cluster = await Cluster.start();
    await cluster.addWorkers(['probed'], 'cpu', { flags: ['--http-port', '0'] });
    const address = must(/"http":"([^"]+)"/.exec(cluster.worker('probed').words())?.[1], 'address in the log');
    base = `http://${address}`;
  });
  afterAll(() => cluster.stop());

  const readyz = async () => {
    const response = await fetch(`${base}/readyz`);
    return `${response.status} ${(await response.text()).trim()}`;
  };
  const untilReadyzSays = async (wanted: string) => {
    const deadline = Date.now() + READY_MS_MAX;
    while ((await readyz()) !== wanted && Date.now() < deadline) await sleep(POLL_MS);
    expect(await readyz()).toBe(wanted);
  };
  const REGISTERED = '200 The worker is registered with the coordinator.';

  it('is ready once it is registered, and says that it has no metrics', async () => {
    await untilReadyzSays(REGISTERED);
    const metrics = await fetch(`${base}/metrics`);
    expect([metrics.status, await metrics.text()]).toEqual([404, 'There are /healthz and /readyz.\n']);
  });

  it('stays healthy without a coordinator, is not ready, and is again when one comes back', async () => {
    await cluster.killCoordinator();
    await untilReadyzSays('503 The worker is not registered with the coordinator: it dials.');
    expect((await fetch(`${base}/healthz`)).status).toBe(200);
    await cluster.startCoordinator();
    await untilReadyzSays(REGISTERED);
  });

  it('has no port any more when it has left', async () => {
    const gone = once(cluster.worker('probed').child, 'exit');
    await cluster.client.drainWorker('probed');
    expect(await gone).toEqual([0, null]);
    await expect(fetch(`${base}/healthz`)).rejects.toThrow();
  });
});
