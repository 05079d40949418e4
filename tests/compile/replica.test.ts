/**
 * Proves that compiling changes no bit: a replica that compiles and one that does not give the same flat gradients, statistics,
 * norms and states, phase by phase, for every layer, objective, schedule and optimizer there is, short minibatches and
 * uneven shards included; that their shards add up in one run; and that sessions and tensors are released.
 */
import { describe, expect, it } from 'vitest';
import type { RunConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout } from '../../services/gan/layout.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { shardRange } from '../../services/plan/shards.ts';
import { DATASET_SIZE, SAMPLE_SIZE, someRows, tinyConfig } from '../gan/configs.ts';
import { startTensorflow } from './tensorflow.ts';

const { tf, counts } = await startTensorflow();

const dense = (units: number, activation: 'linear' | 'relu' | 'leaky-relu' | 'elu' | 'softplus' | 'sigmoid' | 'tanh') =>
  ({ type: 'dense', units, activation }) as const;
const dropout = { type: 'dropout', keep: 0.7 } as const;
const logit = dense(1, 'linear');
const ADAM = { type: 'adam', learningRate: 0.01, beta1: 0.5 } as const;
const MOMENTUM = {
  type: 'sgd',
  learningRate: 0.1,
  momentum: { initial: 0.5, final: 0.7, saturateEpoch: 3 },
} as const;

/** Wide enough that products, and what TensorFlow likes to fuse into them, take their fast kernels. */
const CASES: Record<string, Partial<RunConfigInput>> = {
  'relu and sigmoid': {
    generator: { layers: [dense(96, 'relu'), dense(SAMPLE_SIZE, 'sigmoid')] },
    discriminator: { layers: [dense(96, 'relu'), dense(64, 'sigmoid'), logit] },
  },
  'leaky relu and tanh': {
    generator: { layers: [dense(96, 'leaky-relu'), dense(80, 'tanh'), dense(SAMPLE_SIZE, 'tanh')] },
    discriminator: { layers: [dense(96, 'leaky-relu'), dense(64, 'tanh'), logit] },
    objective: {
      loss: 'least-squares',
      penalty: { r1: { type: 'exponential', from: 2, to: 0.5, overUpdates: 12 }, interval: 3 },
    },
    optimizer: { generator: MOMENTUM, discriminator: MOMENTUM },
  },
  'maxout and dropout, minimax': {
    generator: { layers: [dense(64, 'relu'), dropout, dense(SAMPLE_SIZE, 'sigmoid')] },
    discriminator: {
      layers: [
        dropout,
        { type: 'maxout', units: 48, pieces: 5 },
        dropout,
        { type: 'maxout', units: 24, pieces: 3 },
        logit,
      ],
    },
    objective: { generator: 'minimax', discriminatorScale: 0.5 },
    optimizer: { generator: ADAM, discriminator: ADAM },
    schedule: { type: 'alternating', discriminatorSteps: 2 },
    ema: { halfLifeSamples: 30 },
  },
  'classes and penalties': {
    data: { dataset: 'mnist', labels: true },
    generator: {
      layers: [{ type: 'class-embedding', classes: 3, size: 16 }, dense(96, 'relu'), dense(SAMPLE_SIZE, 'sigmoid')],
    },
    discriminator: {
      layers: [
        { type: 'class-embedding', classes: 3, size: 16 },
        dense(96, 'leaky-relu'),
        { type: 'class-projection', classes: 3 },
      ],
    },
    objective: { penalty: { r1: 1, gp: {}, interval: 2 } },
    optimizer: { generator: ADAM, discriminator: ADAM },
  },
  convolutions: {
    generator: {
      layers: [
        dense(2 * 2 * 32, 'linear'),
        { type: 'batch-norm', activation: 'relu' },
        { type: 'reshape', shape: [2, 2, 32] },
        { type: 'conv-transpose', filters: 16, kernel: 4, stride: 2, activation: 'relu', initStd: 0.1 },
        { type: 'conv', filters: 1, kernel: 3, stride: 3, padding: 'same', activation: 'leaky-relu' },
        dense(SAMPLE_SIZE, 'sigmoid'),
      ],
    },
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'conv', filters: 32, kernel: 3 },
        { type: 'batch-norm', activation: 'leaky-relu' },
        dropout,
        { type: 'conv', filters: 16, kernel: 2, padding: 'valid', activation: 'tanh' },
        logit,
      ],
    },
    objective: { loss: 'hinge' },
    optimizer: { generator: ADAM, discriminator: ADAM },
    schedule: { type: 'simultaneous' },
  },
  'pooling, upsampling, padding, maxout of channels, elu and softplus': {
    generator: {
      layers: [
        dense(2 * 2 * 16, 'elu'),
        { type: 'reshape', shape: [2, 2, 16] },
        { type: 'upsample' },
        { type: 'conv-transpose', filters: 8, kernel: 4, stride: 2, padding: 1, activation: 'softplus' },
        { type: 'pool', kind: 'average', size: 3, stride: 2, padding: 1 },
        dense(SAMPLE_SIZE, 'sigmoid'),
      ],
    },
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'upsample' },
        { type: 'maxout-conv', filters: 16, kernel: 4, pieces: 2, padding: 3 },
        dropout,
        { type: 'pool', size: 4, stride: 2, padding: 'partial' },
        { type: 'conv', filters: 16, kernel: 2, padding: 1, untiedBias: true, activation: 'elu' },
        logit,
      ],
    },
    objective: { penalty: { r1: 2, interval: 2 } },
    optimizer: { generator: ADAM, discriminator: ADAM },
  },
  'spectral normalisation and minibatch standard deviation': {
    generator: { layers: [dense(64, 'relu'), dense(SAMPLE_SIZE, 'sigmoid')] },
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'conv', filters: 32, kernel: 3, spectralNorm: true, activation: 'leaky-relu' },
        { type: 'minibatch-std', groupSize: 3 },
        { ...dense(32, 'tanh'), spectralNorm: true },
        logit,
      ],
    },
    objective: { loss: 'hinge', penalty: { r1: 2, interval: 2 } },
    optimizer: { generator: ADAM, discriminator: ADAM },
  },
  'packing, both gradients from one point': {
    batchSize: 12,
    generator: { layers: [dense(64, 'relu'), dense(SAMPLE_SIZE, 'sigmoid')] },
    discriminator: {
      packing: 2,
      layers: [
        dropout,
        { type: 'reshape', shape: [2, 3, 2] },
        { type: 'pool', size: 2, stride: 1 },
        dense(32, 'elu'),
        logit,
      ],
    },
    schedule: { type: 'simultaneous' },
  },
  'wasserstein, lazy penalty, noise and augmentation': {
    generator: { layers: [dense(96, 'leaky-relu'), dense(SAMPLE_SIZE, 'sigmoid')] },
    discriminator: { layers: [dropout, dense(96, 'leaky-relu'), dense(64, 'tanh'), logit] },
    objective: {
      loss: 'wasserstein',
      penalty: { gp: { weight: { type: 'cosine', from: 9, to: 1, overUpdates: 9 } }, interval: 2 },
      instanceNoise: { std: { type: 'exponential', from: 0.3, to: 0.1, overUpdates: 5 } },
      augment: { shape: [2, 3, 1], translation: 0.4, cutout: 0.3 },
    },
  },
  'relativistic, lazy penalties and colours, both gradients from one point': {
    generator: { layers: [dense(96, 'relu'), dense(SAMPLE_SIZE, 'sigmoid')] },
    discriminator: { layers: [dropout, { type: 'maxout', units: 48, pieces: 3 }, dense(64, 'sigmoid'), logit] },
    objective: {
      loss: 'relativistic',
      penalty: { r1: 1, r2: { type: 'exponential', from: 2, to: 1, overUpdates: 5 }, dragan: {}, interval: 3 },
      augment: { shape: [2, 1, 3], translation: 0.3, cutout: 0.3 },
    },
    schedule: { type: 'simultaneous' },
    optimizer: { generator: ADAM, discriminator: ADAM },
  },
  'label smoothing': {
    generator: { layers: [dense(64, 'relu'), dense(SAMPLE_SIZE, 'sigmoid')] },
    discriminator: { layers: [dense(64, 'leaky-relu'), logit] },
    objective: { labelSmoothing: 0.1 },
  },
  'both gradients from one point': {
    generator: { layers: [dense(64, 'relu'), dropout, dense(SAMPLE_SIZE, 'sigmoid')] },
    discriminator: { layers: [dropout, { type: 'maxout', units: 48, pieces: 5 }, dense(32, 'leaky-relu'), logit] },
    schedule: { type: 'simultaneous' },
    optimizer: { generator: MOMENTUM, discriminator: MOMENTUM },
  },
};
/** 23 samples: minibatches of 8, 8 and 7. Enough of them for the third of a kind, which is the first that is replayed. */
const PHASES = 28;

describe.each(Object.entries(CASES))('%s', (_name, input) => {
  it.each([1, 3])('has the same bits compiled and not, in %i shards', (shards) => {
    const before = counts();
    const [compiled, eager] = (['auto', 'off'] as const).map((compile) =>
      begin(tinyConfig({ ...input, compile }, shards)),
    );
    if (compiled === undefined || eager === undefined) throw new Error('two replicas');
    const { config } = compiled;
    for (let phase = 0; phase < PHASES; phase += 1) {
      const plan = planPhase(config, DATASET_SIZE, phase);
      const { length } = gradientLayout(config, SAMPLE_SIZE, plan.updates);
      const sum = new Float32Array(length);
      for (let shard = 0; shard < shards; shard += 1) {
        const { count } = shardRange(plan.sampleCount, shards, shard);
        const samples = plan.minibatch === undefined ? undefined : someRows(config, count, phase + shard);
        const flats = [compiled, eager].map(({ replica }) => {
          const flat = new Float32Array(length);
          replica.gradient({ plan, shard, samples }, flat);
          // What a worker does while D's gradients travel.
          if (!plan.updates.includes('generator')) {
            replica.prepare({ plan: planPhase(config, DATASET_SIZE, phase + 1), shard });
          }
          return flat;
        });
        expect(flats[0]).toEqual(flats[1]);
        // Each shard from another replica, as in a run where one worker compiles and another does not.
        for (const [index, value] of (flats[(phase + shard) % 2] ?? []).entries())
          sum[index] = (sum[index] ?? 0) + value;
      }
      expect(compiled.replica.apply(plan, sum, true)).toEqual(eager.replica.apply(plan, sum, true));
      expect(compiled.replica.weightsSha256()).toBe(eager.replica.weightsSha256());
    }
    expect(compiled.replica.save()).toEqual(eager.replica.save());
    expect(compiled.fallbacks).toEqual([]);
    expect(compiled.replica.compileCounts().compiled).toBe(computations(config));
    expect(eager.replica.compileCounts()).toEqual({ compiled: 0, fellBack: 0 });
    for (const { replica } of [compiled, eager]) replica.dispose();
    expect(counts()).toEqual(before);
  });

  it('has the same bits where the gradient stays on the device', () => {
    const [compiled, eager] = (['auto', 'off'] as const).map((compile) => begin(tinyConfig({ ...input, compile })));
    if (compiled === undefined || eager === undefined) throw new Error('two replicas');
    let alive: ReturnType<typeof counts> | undefined;
    for (let phase = 0; phase < PHASES; phase += 1) {
      const plan = planPhase(compiled.config, DATASET_SIZE, phase);
      const samples = plan.minibatch === undefined ? undefined : someRows(compiled.config, plan.sampleCount, phase);
      const batch = { plan, shard: 0, samples };
      expect(compiled.replica.step(batch, true)).toEqual(eager.replica.step(batch, true));
      if (compiled.replica.compileCounts().compiled === computations(compiled.config)) {
        alive ??= counts();
        expect(counts()).toEqual(alive);
      }
    }
    expect(alive).toBeDefined();
    expect(compiled.replica.save()).toEqual(eager.replica.save());
    for (const { replica } of [compiled, eager]) replica.dispose();
  });
});

function begin(config: RunConfig) {
  const fallbacks: string[] = [];
  const fellBack = (computation: string, why: string) => fallbacks.push(`${computation}: ${why}`);
  const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: 'tensorflow', fellBack });
  replica.load(initialState(config, SAMPLE_SIZE));
  return { config, replica, fallbacks };
}

/** How many stages times shard sizes the first `PHASES` phases have, with the updates and the totals of their gradients. */
function computations(config: RunConfig): number {
  const seen = new Set<string>();
  for (let phase = 0; phase < PHASES; phase += 1) {
    const { updates, sampleCount, updatesBefore } = planPhase(config, DATASET_SIZE, phase);
    const { interval } = config.objective.penalty ?? {};
    const isPenalised = interval !== undefined && updatesBefore.discriminator % interval === 0;
    for (let shard = 0; shard < config.shards; shard += 1) {
      const { count } = shardRange(sampleCount, config.shards, shard);
      const stages = updates.map((network) => `${network} of ${updates} ${network === 'discriminator' && isPenalised}`);
      for (const stage of ['fakes', ...stages]) seen.add(`${stage} ${count}`);
    }
    for (const network of updates) seen.add(`update of ${network}`);
    seen.add(`totals of ${updates}`);
  }
  return seen.size;
}
