/** Proves that the samples which a coordinator deals do not make V8 mark its whole heap again and again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await Cluster.start();
  await cluster.addWorkers(['one']);
});
afterAll(() => cluster.stop());

/** D's phases, every other one, read 314 kB each. Long enough for V8 to learn how large the heap is. */
const RUN = `
name: many-samples
workers: 1
phases: 3000
batchSize: 400
data: { dataset: mnist }
latent: { size: 8 }
generator: { layers: [{ type: dense, units: 8, activation: relu }, { type: dense, units: 784, activation: sigmoid }] }
discriminator: { layers: [{ type: dense, units: 8, activation: relu }, { type: dense, units: 1 }] }
optimizer: { generator: { type: sgd, learningRate: 0.1 }, discriminator: { type: sgd, learningRate: 0.1 } }
checkpoints: { everyPhases: 400 }
snapshots: { everyPhases: 400 }
alarms: off
`;

it('470 MB of samples make it mark its heap fewer than 15 times', async () => {
  const before = await collections();
  await cluster.completed(await cluster.launch(RUN));
  // Some 60 times without `letHeapGrow`, 2 with it.
  expect((await collections()) - before).toBeLessThan(15);
});

async function collections(): Promise<number> {
  const text = await (await fetch(`http://${cluster.httpAddress}/metrics`)).text();
  return Number(/^nodejs_gc_duration_seconds_count\{kind="major"\} (\d+)$/m.exec(text)?.[1] ?? 0);
}
