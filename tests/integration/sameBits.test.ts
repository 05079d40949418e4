/**
 * Proves promise 1: the SHA-256 of the weights after n phases does not depend on how many workers computed them; for
 * V = 3 and 4 shards, both schedules, on libtensorflow and on WASM, with real processes and real gRPC.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

describe.each(['tensorflow', 'wasm'] as const)('on %s', (backend) => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await Cluster.start();
    await cluster.addWorkers(['one', 'two', 'three'], backend);
  });
  afterAll(() => cluster.stop());

  describe.each(['simultaneous', 'alternating'] as const)('%s', (schedule) => {
    it.each([3, 4])('V = %i: 1, 2 and 3 workers give the same weights', async (shards) => {
      const hashes: string[] = [];
      for (const workers of [1, 2, 3]) {
        const run = { name: `${schedule}-${shards}`, backend, schedule, shards, workers, phases: 13 };
        const { weightsSha256, phase, totalPhases } = await cluster.completed(await cluster.launch(smallRun(run)));
        expect([phase, totalPhases]).toEqual([13, 13]);
        expect(weightsSha256).toMatch(/^[0-9a-f]{64}$/);
        hashes.push(weightsSha256);
      }
      expect(new Set(hashes).size).toBe(1);
    });
  });

  it.each([
    ['images', 'simultaneous'],
    ['images', 'alternating'],
    ['synchronised', 'simultaneous'],
    ['synchronised', 'alternating'],
    ['classes', 'simultaneous'],
    ['classes', 'alternating'],
    ['packs', 'simultaneous'],
    ['packs', 'alternating'],
  ] as const)(
    '%s, %s: convolutions and batch norm with its running statistics, of a shard or of all; classes and penalties; packs',
    async (networks, schedule) => {
      const hashes = new Set<string>();
      const states = new Set<string>();
      for (const workers of [1, 2, 3]) {
        const shards = networks === 'synchronised' ? 4 : 3;
        const run = { name: `${networks}-${schedule}`, backend, schedule, shards, workers, phases: 9, networks };
        const done = await cluster.completed(await cluster.launch(smallRun(run)));
        hashes.add(done.weightsSha256);
        const [checkpoint] = await readdir(join(done.folder, 'checkpoints')).then((names) => names.sort().slice(-1));
        const manifest = await readFile(join(done.folder, 'checkpoints', checkpoint ?? '', 'manifest.json'), 'utf8');
        states.add((JSON.parse(manifest) as { stateSha256: string }).stateSha256);
      }
      expect([hashes.size, states.size]).toEqual([1, 1]);
    },
  );

  it.each([
    '{ loss: relativistic, penalty: { r1: 0.1, r2: 0.1 }, instanceNoise: { std: 0.1 } }',
    '{ loss: wasserstein, penalty: { gp: {}, interval: 2 }, augment: { shape: [28, 28, 1] } }',
  ])('second derivatives and their random numbers, also where G reads real samples: %s', async (objective) => {
    const hashes = new Set<string>();
    for (const workers of [1, 2, 3]) {
      const run = {
        name: 'objective',
        backend,
        schedule: 'alternating',
        shards: 3,
        workers,
        phases: 9,
        objective,
      } as const;
      hashes.add((await cluster.completed(await cluster.launch(smallRun(run)))).weightsSha256);
    }
    expect(hashes.size).toBe(1);
  });

  it('the road does not matter: directly between the workers, or through the coordinator', async () => {
    const hashes = new Set<string>();
    for (const road of ['direct', 'star'] as const) {
      const config = smallRun({ name: road, backend, shards: 4, workers: 3, phases: 9, road });
      hashes.add((await cluster.completed(await cluster.launch(config))).weightsSha256);
    }
    expect(hashes.size).toBe(1);
  });

  it('V is part of the run: another V gives other bits', async () => {
    const hashes = new Set<string>();
    for (const shards of [1, 2]) {
      const config = smallRun({ name: 'other-v', backend, shards, workers: 1, phases: 4 });
      hashes.add((await cluster.completed(await cluster.launch(config))).weightsSha256);
    }
    expect(hashes.size).toBe(2);
  });
});
