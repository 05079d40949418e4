/**
 * Proves that a run which is really sick says so on every road: NATS, /metrics, `runs watch`, `runs get` and the log; and that
 * a coordinator which is killed and started again knows the alarm and does not raise it twice.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'nats';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type AlarmEvent, type RunEvent, runEventSchema } from '../../services/report/runEvent.ts';
import { realNatsServer } from '../telemetry/realNats.ts';
import { Cluster, PROGRAM } from './cluster.ts';

/** G hardly moves while D learns 250 digits by heart: after some fifty phases D has no loss left. */
const SICK = `
name: sick
seed: 7
workers: 2
batchSize: 50
phases: 100000
data: { dataset: mnist, first: 100, count: 250 }
latent: { size: 8 }
generator: { layers: [{ type: dense, units: 16, activation: relu }, { type: dense, units: 784, activation: sigmoid }] }
discriminator: { layers: [{ type: dense, units: 32, activation: leaky-relu }, { type: dense, units: 1 }] }
schedule: { type: simultaneous }
optimizer:
  generator: { type: sgd, learningRate: 1.0e-9 }
  discriminator: { type: adam, learningRate: 0.01 }
ema: { halfLifeSamples: 500 }
checkpoints: { everyPhases: 50, keep: 2 }
snapshots: { everyPhases: 1000, rows: 2, columns: 2 }
reports: { everyPhases: 1 }
`;

it('a run whose D is saturated', async () => {
  const nats = await realNatsServer();
  const cluster = await Cluster.start({ natsUrl: nats.url });
  onTestFinished(() => cluster.stop());
  const onNats: AlarmEvent[] = [];
  const client = await connect({ servers: nats.url });
  onTestFinished(() => client.close());
  client.subscribe('ganglion.v1.runs.*.alarm', {
    callback: (_, message) => {
      const event = runEventSchema.parse(message.json());
      if (event.kind === 'alarm') onNats.push(event);
    },
  });
  await client.flush();
  await cluster.addWorkers(['one', 'two']);
  const runId = await cluster.launch(SICK);
  const watching = execFile(process.execPath, [PROGRAM, 'runs', 'watch', runId, '--coordinator', cluster.address]);
  onTestFinished(() => void watching.kill('SIGKILL'));
  let watched = '';
  watching.stderr?.on('data', (text: string) => {
    watched += text;
  });

  const { alarms, statistics } = await cluster.until(runId, (run) => run.alarms.length > 0);
  const [alarm] = alarms;
  expect(alarm).toMatchObject({ name: 'discriminatorSaturation', threshold: 0.005 });
  expect(alarm?.value).toBeLessThan(0.005);
  expect(alarm?.message).toMatch(/^D’s loss is .* cannot tell real from fake .*: below 0.005, in 20 reports on end\.$/);
  expect(alarm?.advice).toMatch(/^Lower D’s learning rate/);
  // G stands still, and so does its average.
  expect(statistics.emaGap).toBeLessThan(0.001);

  await vi.waitFor(() => expect(onNats).toMatchObject([{ runId, active: true, ...alarm }]), 10_000);
  await vi.waitFor(() => expect(watched).toContain(`${runId}: alarm discriminatorSaturation, after`), 10_000);
  expect(watched).toContain('What people do: Lower D’s learning rate');
  const scrape = async () => (await fetch(`http://${cluster.httpAddress}/metrics`)).text();
  const gauge = `ganglion_alarm{run="${runId}",alarm="discriminatorSaturation"} 1`;
  expect(await scrape()).toContain(gauge);
  expect(await scrape()).toContain('ganglion_alarms_raised_total{alarm="discriminatorSaturation"} 1');
  expect(cluster.coordinator.words()).toContain(alarm?.message);
  const got = await new Promise<string>((resolve, reject) => {
    const args = [PROGRAM, 'runs', 'get', runId, '--coordinator', cluster.address];
    execFile(process.execPath, args, (error, out) => (error ? reject(error) : resolve(out)));
  });
  expect(got).toMatch(/^Alarm +discriminatorSaturation, after \d+ phases: D’s loss/m);

  await cluster.killCoordinator('SIGKILL');
  await cluster.startCoordinator();
  expect((await cluster.client.getRun(runId)).alarms).toEqual(alarms);
  const { phase } = await cluster.until(runId, ({ state }) => state === 'running');
  await cluster.until(runId, (run) => run.phase > phase + 60);
  expect(await scrape()).toContain(gauge);
  const text = await readFile(join(cluster.dataDir, runId, 'events.jsonl'), 'utf8');
  const told = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent)
    .filter((event) => event.kind === 'alarm' && event.name === 'discriminatorSaturation');
  expect(told).toMatchObject([{ active: true, ...alarm }]);
});
