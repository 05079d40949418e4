/**
 * Proves that spare workers measure a run's checkpoints, with the numbers that the coordinator alone finds and without changing a
 * bit of the run: hot spares, and workers without work; that one which is killed, called to train or without the data leaves
 * its part to others, its process ends at once, and what it had on disk is removed.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { ChildEvaluator } from '../../services/evaluate/childEvaluator.ts';
import type { Metric } from '../../services/evaluate/measures.ts';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

const METRICS: readonly Metric[] = ['prdc', 'swd', 'mmd'];
const SAMPLES = 500;

it('two hot spares share the metrics, to the numbers of the coordinator alone and the bits of a run without', async () => {
  const cluster = await clusterOf('one', 'two', 'three');
  const config = smallRun({ name: 'shared', workers: '{ min: 1, max: 3 }', shards: 1, phases: 100_000 });
  const evaluation = `{ everyPhases: 20, metrics: [${METRICS}], samples: ${SAMPLES} }`;
  const runId = await cluster.launch(`${config}\nevaluation: ${evaluation}`);
  await cluster.until(runId, ({ phase }) => phase > 20);
  await vi.waitFor(async () => {
    const activities = (await cluster.client.listWorkers()).map(({ activity }) => activity).sort();
    expect(activities.filter((activity) => activity.includes('measures'))).toEqual([
      expect.stringMatching(/^\w.*; measures (swd|prdc, mmd) of shared-1 at 20$/),
      expect.stringMatching(/^\w.*; measures (swd|prdc, mmd) of shared-1 at 20$/),
    ]);
  }, 20_000);
  // They measure on when the run that they were spares of is over.
  await cluster.client.cancelRun(runId);
  const { folder } = await cluster.client.getRun(runId);
  const [line] = await vi.waitFor(() => linesOf(folder), 60_000);
  expect(Object.keys(line.measures)).toEqual(['precision', 'recall', 'density', 'coverage', 'swd', 'mmd2']);
  const event = await vi.waitFor(async () => (await eventsOf(folder))[0] ?? expect.fail('it is not told yet'), 5_000);
  expect(event.why).toMatch(/ Measured by \w+ \(prdc, mmd\) and \w+ \(swd\)\.$/);

  const plain = await cluster.launch(smallRun({ name: 'plain', workers: 1, shards: 1, phases: 20 }));
  const { weightsSha256, folder: plainFolder } = await cluster.completed(plain);
  expect(line.weightsSha256).toBe(weightsSha256);
  const alone = new ChildEvaluator();
  const outcome = await alone.evaluate(plainFolder, 20, { metrics: METRICS, samples: SAMPLES, seed: 0 });
  const measures = outcome?.type === 'measured' ? outcome.measures : expect.fail(JSON.stringify(outcome));
  expect(line.measures).toEqual(Object.fromEntries(measures.map(({ name, ...measured }) => [name, measured])));
});

it('a worker that is killed, and one that is called to train, leave what they measure to others', async () => {
  const cluster = await clusterOf('one', 'two', 'three');
  // Seconds of work for each of two.
  const evaluation = '{ everyPhases: 20, metrics: [parzen, prdc, mmd], samples: 4000 }';
  const runId = await cluster.launch(smallRun({ name: 'killed', workers: 1, phases: 20, evaluation }));
  await cluster.completed(runId);
  const measuring = await untilMeasured(cluster, (found) => found.size === 3);
  for (const pid of measuring.values()) expect(getPriority(pid)).toBe(19);

  await cluster.killWorker('one', 'SIGKILL');
  await vi.waitFor(async () => expect(await isAlive(measuring.get('one'))).toBe(false), 5_000);
  const other = await cluster.launch(smallRun({ name: 'other', workers: 2, shards: 2, phases: 2_000 }));
  await cluster.until(other, ({ phase }) => phase > 0);
  for (const id of ['two', 'three']) expect(await isAlive(measuring.get(id))).toBe(false);

  const { evaluation: found } = await cluster.evaluated(runId, 20);
  expect(found?.measures.map(({ name }) => name)).toEqual([
    'logLikelihood',
    ...['precision', 'recall', 'density', 'coverage'],
    'mmd2',
  ]);
  expect(cluster.words()).toMatch(/Worker one was lost: [^\n]* of killed-1 after phase 20 goes to another: \w+\./);
  await cluster.client.cancelRun(other);
  // What the killed one left goes when a worker is started there.
  await cluster.addWorkers(['four'], 'tensorflow', placeOf(cluster));
  expect((await readdir(tmpOf(cluster))).filter((name) => name.startsWith('ganglion-borrowed'))).toEqual([]);
});

it('what a worker has no data for, or others at the same path, is measured by the coordinator, and it is asked once', async () => {
  const cluster = await clusterOf();
  const points = join(cluster.dataDir, 'points.csv');
  await writeFile(points, tableOf(Math.cos));
  // Where the coordinator was started this leads to the points; from a folder deeper down, elsewhere.
  const path = relative(process.cwd(), points);
  const place = async (id: string) => {
    const cwd = join(tmpOf(cluster), id, ...Array.from({ length: 30 }, () => 'deep'));
    await mkdir(cwd, { recursive: true });
    return { ...placeOf(cluster), cwd };
  };
  const other = join((await place('other')).cwd, path);
  await mkdir(dirname(other), { recursive: true });
  await writeFile(other, tableOf(Math.sin));
  for (const id of ['none', 'other']) await cluster.addWorkers([id], 'tensorflow', await place(id));
  const runId = await cluster.launch(POINTS.replace('PATH', path));
  await cluster.completed(runId);
  const { evaluation } = await cluster.evaluated(runId, 20);
  expect(evaluation?.measures.map(({ name }) => name)).toEqual(['mmd2', 'swd']);
  for (const { why } of await eventsOf((await cluster.client.getRun(runId)).folder)) {
    expect(why).not.toMatch(/Measured by|not evaluated/);
  }
  const cannot = (id: string) => cluster.coordinator.words().match(RegExp(`Worker ${id} cannot measure [^\n]*`, 'g'));
  expect(cannot('none')).toEqual([expect.stringMatching(/so the coordinator does: .*points\.csv/)]);
  expect(cannot('other')).toEqual([expect.stringMatching(/csv on this machine is not what the run is trained on\./)]);
});

/** 200 points. */
function tableOf(x: (angle: number) => number): string {
  return Array.from({ length: 200 }, (_, index) => `${x(index)},${Math.sin(3 * index)}`).join('\n');
}

const POINTS = `
name: points
workers: 1
phases: 20
batchSize: 20
data: { dataset: csv, path: PATH }
latent: { size: 2 }
generator: { layers: [{ type: dense, units: 8, activation: relu }, { type: dense, units: 2 }] }
discriminator: { layers: [{ type: dense, units: 8, activation: relu }, { type: dense, units: 1 }] }
optimizer:
  generator: { type: sgd, learningRate: 0.1 }
  discriminator: { type: sgd, learningRate: 0.1 }
alarms: off
evaluation: { everyPhases: 10, metrics: [mmd, swd], samples: 50 }
`;

async function clusterOf(...ids: string[]): Promise<Cluster> {
  const cluster = await Cluster.start();
  onTestFinished(() => cluster.stop());
  await mkdir(tmpOf(cluster));
  await cluster.addWorkers(ids, 'tensorflow', placeOf(cluster));
  return cluster;
}

const tmpOf = (cluster: Cluster) => join(cluster.dataDir, 'tmp');
const placeOf = (cluster: Cluster) => ({ env: { TMPDIR: tmpOf(cluster) } });

/** Process ids of `ganglion evaluate` under each worker, once they are as wanted. */
async function untilMeasured(cluster: Cluster, wanted: (found: Map<string, number>) => boolean) {
  return vi.waitFor(async () => {
    const found = new Map<string, number>();
    const workers = new Map((await cluster.client.listWorkers()).map(({ workerId, pid }) => [pid, workerId]));
    for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
      const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const workerId = workers.get(Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]));
      if (words.includes('\0evaluate\0') && workerId !== undefined) found.set(workerId, Number(pid));
    }
    expect(wanted(found)).toBe(true);
    return found;
  }, 20_000);
}

async function isAlive(pid: number | undefined): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return status !== '' && !/^State:\s+Z/m.test(status);
}

async function linesOf(folder: string, file = 'metrics-evaluation.jsonl') {
  const text = await readFile(join(folder, file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function eventsOf(folder: string) {
  return (await linesOf(folder, 'events.jsonl')).filter(({ kind }) => kind === 'evaluation');
}
