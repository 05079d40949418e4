/**
 * Proves that a run does not show which of its workers compile: two that do, one that cannot beside one that does, and a
 * run with `compile: off` end with the same weights. The worker that cannot says so in one line, and the metric counts it.
 */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
});
afterAll(() => cluster.stop());

const RUN = { backend: 'tensorflow', workers: 2, shards: 2, phases: 24 } as const;
const REFUSE_GRAPHS = fileURLToPath(new URL('refuseGraphs.cjs', import.meta.url));

async function weights(name: string, compile: 'auto' | 'off' = 'auto'): Promise<string> {
  return (await cluster.completed(await cluster.launch(smallRun({ ...RUN, name, compile })))).weightsSha256;
}

async function fallbacks(): Promise<number> {
  const text = await (await fetch(`http://${cluster.httpAddress}/metrics`)).text();
  return Number(/^ganglion_compile_fallbacks_total (\d+)$/m.exec(text)?.[1]);
}

it('gives the same weights, whoever compiles', async () => {
  await cluster.addWorkers(['one', 'two']);
  const both = await weights('both');
  expect(await weights('neither', 'off')).toBe(both);
  expect(await fallbacks()).toBe(0);

  await cluster.killWorker('two', 'SIGKILL');
  await cluster.addWorkers(['three'], 'tensorflow', { env: { NODE_OPTIONS: `--require ${REFUSE_GRAPHS}` } });
  expect(await weights('one-of-two')).toBe(both);
  expect(cluster.worker('three').words()).toMatch(
    /not compiled.*its graph cannot be loaded: No OpKernel was registered/,
  );
  expect(cluster.worker('one').words()).not.toMatch(/not compiled/);
  expect(await fallbacks()).toBeGreaterThan(0);
});
