/**
 * Proves promise 2 under real faults: at least thirty of them (SIGKILL of workers and of the coordinator, SIGSTOP, cut and
 * delayed connections, partitions, slow roads, corrupted chunks) in one training run of three workers on libtensorflow,
 * which ends with the undisturbed run's weights.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { expectDocument } from '../cli/documents.ts';
import { Cluster, startProgram } from './cluster.ts';
import { FaultyProxy } from './faultyProxy.ts';
import { smallRun } from './runs.ts';

const IDS = ['one', 'two', 'three'];
const FAULTS_MIN = 30;
const CHAOS_SECONDS = 60;

it('a run that meets more than thirty faults', { timeout: 240_000 }, async () => {
  const cluster = await Cluster.start({ failureDetectionMs: 2_000, allowChaos: true });
  onTestFinished(() => cluster.stop());
  const proxy = await FaultyProxy.start(() => cluster.address);
  onTestFinished(() => proxy.close());
  await cluster.addWorkers(IDS, 'tensorflow', { coordinator: proxy.address });
  const run = { workers: '{ min: 1, max: 3 }', shards: 4, hidden: 64, phases: 1500, everyPhases: 100 };
  const undisturbed = await cluster.completed(await cluster.launch(smallRun({ ...run, name: 'undisturbed' })));

  // What is killed is started again, as Kubernetes would.
  const calm = new AbortController();
  const supervised = Promise.all([
    cluster.superviseCoordinator(calm.signal),
    ...IDS.map((id) => cluster.superviseWorker(id, 'tensorflow', proxy.address, calm.signal)),
  ]);
  const runId = await cluster.launch(smallRun({ ...run, phases: 1500, name: 'broken' }));
  const chaos = startProgram([
    ...['chaos', runId, '--yes-break-things', '--coordinator', cluster.address, '--timeout', '4', '--seed', '11'],
    ...[
      '--menu',
      'kill,stop,partition,slow,corrupt,coordinator',
      '--rate',
      '36',
      '--for',
      String(CHAOS_SECONDS),
      '-o',
      'jsonl',
    ],
  ]);
  let injected = '';
  chaos.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    injected += text;
  });
  let cuts = 0;
  const ended = once(chaos.child, 'close');
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await sleep(4_000);
    if (cuts % 3 === 2) proxy.delayMs = proxy.delayMs > 0 ? 0 : 30;
    if (proxy.drop() > 0) cuts += 1;
  }
  proxy.delayMs = 0;
  expect((await ended)[0], chaos.words()).toBe(0);
  const lines = injected.trim().split('\n');
  const faults = lines.map((line) => JSON.parse(line) as { kind: string });
  for (const fault of faults) expectDocument('chaos', fault);
  const kinds = new Set(faults.map(({ kind }) => kind));
  expect(lines.length + cuts, `${injected}${cuts} cuts`).toBeGreaterThanOrEqual(FAULTS_MIN);
  expect(kinds.size).toBeGreaterThanOrEqual(5);

  const { weightsSha256 } = await cluster.completed(runId);
  calm.abort();
  await supervised;
  expect(weightsSha256).toBe(undisturbed.weightsSha256);
});
