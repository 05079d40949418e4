/** Proves that NATS killed and started again in mid-run loses no state, membership or snapshot event, and stops nothing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { RunEvent } from '../../services/report/runEvent.ts';
import { readAll, realNatsServer } from '../telemetry/realNats.ts';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

it('a NATS outage in mid-run', async () => {
  const first = await realNatsServer();
  const cluster = await Cluster.start({ natsUrl: first.url });
  onTestFinished(() => cluster.stop());
  await cluster.addWorkers(['one', 'two']);
  const before = await readAll(first.url);
  const runId = await cluster.launch(smallRun({ workers: 2, phases: 500, hidden: 64, everyPhases: 20 }));

  await cluster.until(runId, ({ phase }) => phase >= 60);
  await vi.waitFor(() => expect(before.received.some(({ subject }) => subject.endsWith('.phase'))).toBe(true));
  await first.stop('SIGKILL');
  const atOutage = (await cluster.client.getRun(runId)).phase;
  // Training never waits for NATS: snapshots and phases go on while it is away.
  await cluster.until(runId, ({ phase }) => phase >= atOutage + 100);
  const second = await realNatsServer({ port: first.port });
  const after = await readAll(second.url);
  expect((await cluster.completed(runId)).state).toBe('completed');

  const text = await readFile(join(cluster.dataDir, runId, 'events.jsonl'), 'utf8');
  const durable = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
  expect(new Set(durable.map(({ kind }) => kind))).toEqual(new Set(['state', 'membership', 'snapshot']));
  await vi.waitFor(
    () => {
      const ids = new Set([...before.received, ...after.received].map(({ id }) => id));
      const missing = durable.filter(({ sequence }) => !ids.has(`${runId}:${sequence}`));
      expect(missing).toEqual([]);
    },
    { timeout: 20_000, interval: 200 },
  );
  const subjects = new Set([...before.received, ...after.received].map(({ subject }) => subject));
  expect(subjects).toEqual(
    new Set(['state', 'phase', 'snapshot', 'membership'].map((kind) => `ganglion.v1.runs.${runId}.${kind}`)),
  );
});
