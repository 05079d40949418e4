/**
 * Proves that what dashboards, rules and alerts ask for is there: a real Prometheus scrapes a real run of two workers, and every
 * expression gives data; those that tell of a fault give none, until that fault is made.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ALERTS } from '../../services/monitoring/alerts.ts';
import { RECORDING_RULES } from '../../services/monitoring/recordingRules.ts';
import { guard } from '../../services/process/guard.ts';
import { type OwnNatsServer, startNatsServer } from '../../services/telemetry/natsServer.ts';
import { QUERIES } from '../monitoring/panels.ts';
import { type Prometheus, startPrometheus } from '../monitoring/realPrometheus.ts';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

/** Queries without data in a healthy run, and why. */
const NEEDS_DCGM = /^DCGM_/;
const NEEDS_AN_ALARM = /^ganglion_alarm\{.*\} == 1$/;
const NEEDS_A_CHANGE = /^changes\(ganglion_generation/;

/** What a person would choose above a dashboard, and waits that a test has not: minutes become seconds. */
const filledIn = (expr: string) => expr.replaceAll('$__rate_interval', '15s').replace(/"\$\w+"/g, '".+"');
const inHaste = (expr: string) => expr.replaceAll('[5m]', '[3s]').replace('> 3600', '> 2');
const alertExpr = (name: string) => inHaste(ALERTS.find(({ alert }) => alert === name)?.expr ?? `no alert ${name}`);

const DATA_MS_MAX = 60_000;
/** A worker that stands still is noticed after it: long enough to see the run stand. */
const FAILURE_DETECTION_MS = 10_000;

/** Its one alarm stays raised for longer than Prometheus needs to see it: phases take milliseconds. */
const HEALTHY = smallRun({
  ...{ name: 'healthy', phases: 1_000_000, everyPhases: 25, networks: 'classes', watched: true, shards: 2 },
  ...{ compression: 'wireFormat: bf16', onNonFinite: 'skip-phase' },
  evaluation: '{ everyPhases: 25, metrics: [swd], samples: 20 }',
}).replace(
  /alarms: \{\}/,
  'alarms: { discriminatorSaturation: off, generatorGradient: off, lossDivergence: off, modeCollapse: { fromSamples: 1000000000 }, emaGap: off, nonFinite: { clearAfter: 10000 } }',
);

/** G stands still, so its pictures are all alike, and D soon knows them. No checkpoint is ever due. */
const SICK = `
name: sick
seed: 7
workers: 2
batchSize: 100
phases: 1000000
data: { dataset: mnist, first: 100, count: 250 }
latent: { size: 8 }
generator: { layers: [{ type: dense, units: 16, activation: relu }, { type: dense, units: 784, activation: sigmoid }] }
discriminator: { layers: [{ type: dense, units: 32, activation: leaky-relu }, { type: dense, units: 1 }] }
schedule: { type: simultaneous }
optimizer:
  generator: { type: sgd, learningRate: 1.0e-9 }
  discriminator: { type: adam, learningRate: 0.01 }
checkpoints: { everyPhases: 1000000 }
snapshots: { everyPhases: 20, rows: 4, columns: 5 }
reports: { everyPhases: 1 }
alarms: { modeCollapse: { fromSamples: 0 } }
`;

describe('a cluster that Prometheus scrapes', () => {
  let nats: OwnNatsServer;
  let cluster: Cluster;
  let prometheus: Prometheus;
  let healthy = '';

  beforeAll(async () => {
    const started = await startNatsServer();
    if (!started) throw new Error('No nats-server found. Run: apt-get update && apt-get install -y nats-server');
    nats = started;
    cluster = await Cluster.start({ natsUrl: nats.url, allowChaos: true, failureDetectionMs: FAILURE_DETECTION_MS });
    prometheus = await startPrometheus(cluster.httpAddress);
    await cluster.addWorkers(['one', 'two']);
    healthy = await cluster.launch(HEALTHY);
  });
  afterAll(async () => {
    await cluster?.stop();
    await prometheus?.stop();
    await nats?.stop('SIGKILL');
  });

  /** Waits until the expression has a value that is a number. */
  async function hasData(expr: string, place: string): Promise<void> {
    const look = async () =>
      expect((await prometheus.query(expr)).some(Number.isFinite), `${place}: ${expr}`).toBe(true);
    await vi.waitFor(look, { timeout: DATA_MS_MAX, interval: 250 });
  }

  const fires = (alert: string) => hasData(alertExpr(alert), alert);

  it('gives data for every panel and every recording rule, and no alert is due', async () => {
    const isDueToAFault = (expr: string) =>
      [NEEDS_DCGM, NEEDS_AN_ALARM, NEEDS_A_CHANGE].some((form) => form.test(expr));
    const always = QUERIES.filter(({ expr }) => !isDueToAFault(expr));
    expect(always.length).toBeGreaterThan(40);
    for (const { place, expr } of always) await hasData(filledIn(expr), place);
    for (const { record } of RECORDING_RULES) await hasData(record, record);
    for (const { alert, expr } of ALERTS) expect(await prometheus.query(expr), alert).toEqual([]);
    expect(await prometheus.brokenRules()).toEqual([]);
  });

  it('shows the newest samples beside them', async () => {
    const picture = await fetch(`http://${cluster.httpAddress}/samples/${healthy}.png`);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(PNG.sync.read(Buffer.from(await picture.arrayBuffer())).width).toBeGreaterThan(5 * 28);
    const missing = await fetch(`http://${cluster.httpAddress}/samples/nobody-1.png`);
    expect([missing.status, await missing.text()]).toEqual([404, "There is no run 'nobody-1'.\n"]);
  });

  it('a gradient with a NaN: NonFiniteGradient, and the alarm is marked', async () => {
    await cluster.client.inject('one', 'nan', 0);
    await fires('NonFiniteGradient');
    for (const { place, expr } of QUERIES.filter(({ expr }) => NEEDS_AN_ALARM.test(expr)))
      await hasData(filledIn(expr), place);
  });

  it('a bit that flips in one replica: ReplicaDiverged, and the new generation is marked', async () => {
    await cluster.client.inject('two', 'flip', 0);
    await fires('ReplicaDiverged');
    for (const { place, expr } of QUERIES.filter(({ expr }) => NEEDS_A_CHANGE.test(expr)))
      await hasData(filledIn(expr), place);
    await cluster.client.cancelRun(healthy);
  });

  it('a sick run: DiscriminatorSaturated, ModeCollapse; one that stores nothing: CheckpointStale', async () => {
    await cluster.launch(SICK);
    await fires('DiscriminatorSaturated');
    await fires('ModeCollapse');
    await fires('CheckpointStale');
  });

  it('a NATS that takes none of our events: ProgressOutboxDropping', async () => {
    await nats.stop('SIGKILL');
    await startNarrowNats(nats.port);
    await fires('ProgressOutboxDropping');
  });

  it('a worker that stands still: RunStalled; that is gone: WorkerLost, RunBelowMinWorkers', async () => {
    cluster.worker('two').child.kill('SIGSTOP');
    await fires('RunStalled');
    await cluster.killWorker('two', 'SIGKILL');
    await fires('WorkerLost');
    await fires('RunBelowMinWorkers');
  });

  it('no coordinator: CoordinatorDown', async () => {
    await cluster.killCoordinator();
    await fires('CoordinatorDown');
    expect(await prometheus.brokenRules()).toEqual([]);
  });
});

/** Our events are longer than it takes: 1,024 bytes are for the header. */
async function startNarrowNats(port: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-narrow-nats-'));
  const config = join(folder, 'nats.conf');
  await writeFile(config, 'max_payload: 1100\n');
  const child = spawn('nats-server', ['-c', config, '-a', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const release = guard(child);
  onTestFinished(async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    release();
    await rm(folder, { recursive: true, force: true });
  });
}
