/**
 * Proves that one, two and three workers come to the same bits with every objective's random numbers and second derivatives
 * on, and with every optimizer's slots and schedules: each has a replica of its own, computes the shards it was dealt, and adds them as the tree has them. The statistics
 * are among the sums. And that a lazy penalty is paid in the same updates of D by all.
 */
import { describe, expect, it } from 'vitest';
import { ownedSubtrees, sumRoot, sumSubtree } from '../../services/collective/tree.ts';
import type { RunConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { must } from '../../services/errors/invariant.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout } from '../../services/gan/layout.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { dealShards, shardRange } from '../../services/plan/shards.ts';
import { testBackends } from './backends.ts';
import { DATASET_SIZE, SAMPLE_SIZE, someSamples, tinyConfig } from './configs.ts';

const SHARDS = 4;
const PHASES = 7;
const DISCRIMINATOR: RunConfigInput['discriminator'] = {
  layers: [
    { type: 'dropout', keep: 0.8 },
    { type: 'maxout', units: 6, pieces: 2 },
    { type: 'dense', units: 5, activation: 'tanh' },
    { type: 'dense', units: 1 },
  ],
};
const AUGMENT = { shape: [2, 1, 3], translation: 0.3, cutout: 0.3 };
const COSINE = { type: 'cosine', overUpdates: 3 } as const;
const CASES: Record<string, Partial<RunConfigInput>> = {
  'wasserstein with a lazy gradient penalty': {
    objective: { loss: 'wasserstein', penalty: { gp: {}, interval: 2 }, instanceNoise: { std: 0.1 } },
  },
  'relativistic with R1 and R2, augmented': {
    objective: { loss: 'relativistic', penalty: { r1: 1, r2: 1 }, augment: AUGMENT },
  },
  'R1, clipped AdamW and RMSProp, schedules, bounds on columns and the average': {
    objective: { penalty: { r1: { ...COSINE, from: 2, to: 0.1 } } },
    generator: { layers: [{ type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid', maxColumnNorm: 0.5 }] },
    optimizer: {
      generator: {
        type: 'adamw',
        learningRate: { ...COSINE, from: 0.02, to: 0.001, warmUpUpdates: 1 },
        beta2: { ...COSINE, from: 0.9, to: 0.99 },
        clipNorm: 0.01,
      },
      discriminator: { type: 'rmsprop', learningRate: 0.01, clipNorm: 0.1 },
    },
    ema: { halfLifeSamples: { ...COSINE, from: 1, to: 50 } },
  },
  'log with DRAGAN, simultaneous': {
    schedule: { type: 'simultaneous' },
    objective: { labelSmoothing: 0.1, penalty: { dragan: {} }, augment: AUGMENT, instanceNoise: { std: 0.2 } },
  },
};

for (const backend of testBackends()) {
  describe(`on ${backend.kind}`, async () => {
    const tf = await backend.start();

    /** The SHA-256 after each phase, and the sums of the statistics. */
    const train = async (config: RunConfig, workers: number) => {
      await tf.setBackend(backend.kind);
      const dealt = dealShards(
        SHARDS,
        Array.from({ length: workers }, () => 1),
      );
      const replicas = dealt.map(() => createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend.kind }));
      for (const replica of replicas) replica.load(initialState(config, SAMPLE_SIZE));
      const seen: { hash: string; tail: number[] }[] = [];
      for (let phase = 0; phase < PHASES; phase += 1) {
        const plan = planPhase(config, DATASET_SIZE, phase);
        const { length, statisticsOffset } = gradientLayout(config, SAMPLE_SIZE, plan.updates);
        const samples = plan.minibatch === undefined ? undefined : someSamples(plan.sampleCount, phase);
        const parts = replicas.flatMap((replica, rank) => {
          const own = must(dealt[rank], 'shards');
          // The last shard first: no order is promised.
          const flats = new Map(
            [...own].reverse().map((shard) => {
              const { first, count } = shardRange(plan.sampleCount, SHARDS, shard);
              const flat = new Float32Array(length);
              const rows = samples?.slice(first * SAMPLE_SIZE, (first + count) * SAMPLE_SIZE);
              replica.gradient({ plan, shard, samples: rows }, flat);
              return [shard, flat] as const;
            }),
          );
          return ownedSubtrees(SHARDS, own).map((subtree) => ({
            subtree,
            values: sumSubtree(subtree, (shard) => must(flats.get(shard), 'gradient')),
          }));
        });
        const sum = sumRoot(SHARDS, parts);
        for (const replica of replicas) expect(replica.apply(plan, sum, false).nonFinite).toBeUndefined();
        const hashes = new Set(replicas.map((replica) => replica.weightsSha256()));
        expect(hashes.size).toBe(1);
        seen.push({ hash: [...hashes].join(), tail: Array.from(sum.subarray(statisticsOffset)) });
      }
      // Optimizer slots and averages too, which the hash does not take in.
      const [state, ...others] = replicas.map((replica) => replica.save());
      for (const other of others) expect(other).toEqual(state);
      for (const replica of replicas) replica.dispose();
      return { seen, state };
    };

    it.each(Object.entries(CASES))('%s: 1, 2 and 3 workers', async (_name, input) => {
      const config = tinyConfig({ discriminator: DISCRIMINATOR, ...input }, SHARDS);
      const alone = await train(config, 1);
      expect(await train(config, 2)).toEqual(alone);
      expect(await train(config, 3)).toEqual(alone);
      const { seen } = alone;
      expect(new Set(seen.map(({ hash }) => hash)).size).toBe(PHASES);
      const paid = seen.map(({ tail }) => must(tail[5], 'penalty') > 0);
      const interval = config.objective.penalty?.interval ?? 1;
      const due = seen.map((_, phase) => {
        const { updates, updatesBefore } = planPhase(config, DATASET_SIZE, phase);
        return updates.includes('discriminator') && updatesBefore.discriminator % interval === 0;
      });
      expect(paid).toEqual(due);
    });
  });
}
