/**
 * Proves exactly-once accounting: over an epoch every sample travels once, whatever the shard count, the worker count and
 * the tail; and that what a worker gets is what its shards would get one by one.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { completeRunConfig } from '../../services/config/resolve.ts';
import { type RunConfig, runConfigSchema } from '../../services/config/runConfig.ts';
import type { TrainingSet } from '../../services/data/dataset.ts';
import { minibatchRows } from '../../services/data/minibatch.ts';
import { rowFormat } from '../../services/data/rowFormat.ts';
import { minibatchesPerEpoch, planPhase } from '../../services/plan/phasePlan.ts';
import { dealShards } from '../../services/plan/shards.ts';
import { dataOf } from './dataOf.ts';

/** Two bytes a sample: its index. */
function numberedSamples(size: number): TrainingSet {
  return {
    name: 'numbers',
    size,
    sampleSize: 2,
    shape: [2],
    format: rowFormat(dataOf({}), 2),
    read: (index, into, offset) => into.set([index >> 8, index & 255], offset),
    marginals: () => new Float64Array(2),
  };
}

function indices(rows: Uint8Array): number[] {
  return Array.from({ length: rows.length / 2 }, (_, i) => (rows[2 * i] ?? 0) * 256 + (rows[2 * i + 1] ?? 0));
}

function configWith(given: { seed: number; batchSize: number; shards: number; k: number }): RunConfig {
  const optimizer = { type: 'sgd', learningRate: 0.1 } as const;
  const { shards, k, ...rest } = given;
  const parsed = runConfigSchema.parse({
    ...rest,
    generator: { layers: [{ type: 'dense', units: 2 }] },
    discriminator: { layers: [{ type: 'dense', units: 1 }] },
    optimizer: { generator: optimizer, discriminator: optimizer },
    schedule: k === 0 ? { type: 'simultaneous' } : { type: 'alternating', discriminatorSteps: k },
    epochs: 2,
  });
  return completeRunConfig({ ...parsed, shards });
}

const cases = fc
  .record({
    seed: fc.nat(),
    size: fc.integer({ min: 1, max: 400 }),
    batchSize: fc.integer({ min: 1, max: 60 }),
    shards: fc.integer({ min: 1, max: 16 }),
    /** One a worker. */
    msPerShard: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }),
    /** 0: simultaneous. */
    k: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ size, msPerShard, ...given }) => ({ size, msPerShard, config: configWith(given) }));

/** The phases of an epoch that read data. */
function plansOf(config: RunConfig, size: number, epoch: number) {
  const plans = [];
  for (let phase = 0, read = 0; read < (epoch + 1) * minibatchesPerEpoch(config, size); phase++) {
    const plan = planPhase(config, size, phase);
    if (plan.minibatch !== undefined) read += 1;
    if (plan.minibatch !== undefined && plan.epoch === epoch) plans.push(plan);
  }
  return plans;
}

describe('minibatchRows', () => {
  it('uses every sample of an epoch exactly once, however shards are cut and dealt', () => {
    fc.assert(
      fc.property(cases, ({ size, msPerShard, config }) => {
        const dataset = numberedSamples(size);
        for (const epoch of [0, 1]) {
          const used = plansOf(config, size, epoch).flatMap((plan) =>
            dealShards(config.shards, msPerShard).flatMap((shards) =>
              indices(minibatchRows(config, dataset, plan, shards)),
            ),
          );
          expect(used.sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives a worker the rows of its shards one after the other, in the order asked for', () => {
    fc.assert(
      fc.property(cases, fc.infiniteStream(fc.nat()), ({ size, config }, random) => {
        const dataset = numberedSamples(size);
        const [plan = planPhase(config, size, 0)] = plansOf(config, size, 0).slice(-1);
        const all = Array.from({ length: config.shards }, (_, shard) => shard);
        const owned = all.filter(() => random.next().value % 2 === 0).reverse();
        const one = (shard: number) => indices(minibatchRows(config, dataset, plan, [shard]));
        expect(indices(minibatchRows(config, dataset, plan, owned))).toEqual(owned.flatMap(one));
        // All shards in order are the minibatch, at any shard count.
        const whole = minibatchRows({ ...config, shards: 1 }, dataset, plan, [0]);
        expect(minibatchRows(config, dataset, plan, all)).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  it('orders the second epoch otherwise than the first', () => {
    const config = configWith({ seed: 1, batchSize: 50, shards: 3, k: 0 });
    const dataset = numberedSamples(50);
    const [first, second] = [0, 1].map((phase) =>
      minibatchRows(config, dataset, planPhase(config, 50, phase), [0, 1, 2]),
    );
    expect(first).not.toEqual(second);
  });

  it('gives nothing for no shards', () => {
    const config = configWith({ seed: 1, batchSize: 4, shards: 2, k: 0 });
    expect(minibatchRows(config, numberedSamples(9), planPhase(config, 9, 0), []).length).toBe(0);
  });

  it('is never asked for a phase that reads no data', () => {
    const config = configWith({ seed: 1, batchSize: 4, shards: 2, k: 1 });
    expect(() => minibatchRows(config, numberedSamples(9), planPhase(config, 9, 1), [0])).toThrow('invariant');
  });
});
