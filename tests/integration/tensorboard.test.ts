/**
 * Proves that the real TensorBoard sees every report and picture of a real run once, though its coordinator was killed on the
 * way, and the run went back to a checkpoint; and that a run which wants none has none.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { accumulate } from '../tensorboard/eventAccumulator.ts';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

it('a run that was interrupted twice is one curve', async () => {
  const cluster = await Cluster.start();
  onTestFinished(() => cluster.stop());
  await cluster.addWorkers(['one', 'two']);
  const without = await cluster.completed(
    await cluster.launch(`${smallRun({ name: 'without', phases: 2 })}tensorboard: false\n`),
  );
  expect(await readdir(without.folder)).not.toContain('tensorboard');

  const runId = await cluster.launch(smallRun({ name: 'charted', phases: 120, hidden: 200 }));
  await cluster.until(runId, ({ phase }) => phase >= 20);
  await cluster.killCoordinator('SIGKILL');
  await cluster.startCoordinator();
  await cluster.until(runId, ({ phase }) => phase >= 60);
  await cluster.client.pauseRun(runId);
  const { checkpointPhases } = await cluster.until(runId, ({ state }) => state === 'paused');
  await cluster.client.resumeRun(runId, checkpointPhases[0]);
  const { folder } = await cluster.completed(runId);

  const told = (await readFile(join(folder, 'metrics.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { scalars, images, histograms } = await vi.waitFor(async () => {
    const found = await accumulate(join(folder, 'tensorboard'));
    expect(found.scalars['loss/discriminator']?.at(-1)?.[0]).toBe(119);
    expect(found.images.samples?.at(-1)?.[0]).toBe(120);
    return found;
  }, 30_000);
  expect(scalars['loss/discriminator']?.map(([step, value]) => [step, value])).toEqual(
    told.map(({ phase, statistics }) => [phase, Math.fround(statistics.discriminatorLoss)]),
  );
  const pictures = images.samples ?? [];
  expect(pictures.map(([step]) => step)).toEqual(Array.from({ length: 16 }, (_, i) => i * 8));
  const png = await readFile(join(folder, 'fakes_000120.png'));
  expect(pictures.at(-1)?.[3]).toBe(png.toString('base64'));
  expect(histograms['discriminator_output/real']?.at(-1)?.[0]).toBe(120);
}, 240_000);
