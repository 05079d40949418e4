/**
 * Proves the replica's promises: step() has the bits of gradient() + apply(), the same run twice has the same bits, state
 * goes in and out whole, no phase leaks a tensor, and pictures follow the fixed latents.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RunConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout, stateLayout } from '../../services/gan/layout.ts';
import { statisticSlots } from '../../services/gan/objective.ts';
import type { Replica } from '../../services/gan/replica.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { shardRange } from '../../services/plan/shards.ts';
import { testBackends } from './backends.ts';
import { DATASET_SIZE, SAMPLE_SIZE, SIGMOID_GENERATOR, someSamples, tinyConfig } from './configs.ts';

const SGD = { type: 'sgd', learningRate: 0.1, decay: 1.01 } as const;
const MOMENTUM = { ...SGD, momentum: { initial: 0.5, final: 0.7, saturateEpoch: 3 } } as const;
const ADAM = { type: 'adam', learningRate: 0.01, beta1: 0.5 } as const;
const EVERYTHING: Partial<RunConfigInput> = {
  discriminator: {
    layers: [
      { type: 'dropout', keep: 0.8 },
      { type: 'maxout', units: 4, pieces: 3 },
      { type: 'dense', units: 1 },
    ],
  },
  ema: { halfLifeSamples: 30 },
};
const COSINE = { type: 'cosine', overUpdates: 5 } as const;
const PHASES = 8;
const CASES: Record<string, Partial<RunConfigInput>> = {
  sgd: { optimizer: { generator: SGD, discriminator: SGD } },
  'momentum, simultaneous': {
    ...EVERYTHING,
    schedule: { type: 'simultaneous' },
    optimizer: { generator: MOMENTUM, discriminator: MOMENTUM },
  },
  'convolutions and batch norm': {
    generator: {
      layers: [
        { type: 'dense', units: 4 },
        { type: 'batch-norm', momentum: 0.8, activation: 'relu' },
        { type: 'reshape', shape: [1, 2, 2] },
        { type: 'conv-transpose', filters: 1, kernel: 3, stride: 2, activation: 'leaky-relu' },
        { type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid' },
      ],
    },
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'conv', filters: 3, kernel: 2 },
        { type: 'batch-norm', activation: 'leaky-relu' },
        { type: 'dense', units: 1 },
      ],
    },
    ema: { halfLifeSamples: 30 },
  },
  'adamw and rmsprop, clipped, with schedules and bounds on columns': {
    generator: {
      layers: [
        { type: 'dense', units: 5, activation: 'relu', maxColumnNorm: 0.9 },
        { type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid' },
      ],
    },
    discriminator: {
      layers: [
        { type: 'maxout', units: 4, pieces: 3, maxColumnNorm: 0.7 },
        { type: 'dense', units: 1 },
      ],
    },
    objective: { penalty: { r1: { ...COSINE, from: 2, to: 0.1 } } },
    optimizer: {
      generator: {
        type: 'adamw',
        learningRate: { ...COSINE, from: 0.02, to: 0.001, warmUpUpdates: 2 },
        beta2: { ...COSINE, from: 0.9, to: 0.99 },
        clipNorm: 0.01,
      },
      discriminator: { type: 'rmsprop', learningRate: 0.01, clipNorm: 1 },
    },
    ema: { halfLifeSamples: { ...COSINE, from: 0, to: 50 } },
  },
  'relativistic with every penalty, noise and augmentation': {
    ...EVERYTHING,
    objective: {
      loss: 'relativistic',
      penalty: { r1: 1, r2: 1, gp: {}, dragan: {}, interval: 2 },
      instanceNoise: { std: 0.1 },
      augment: { shape: [2, 3, 1] },
    },
    optimizer: { generator: ADAM, discriminator: ADAM },
  },
  'adam, two D steps': {
    ...EVERYTHING,
    schedule: { type: 'alternating', discriminatorSteps: 2 },
    optimizer: { generator: ADAM, discriminator: ADAM },
  },
};

for (const backend of testBackends()) {
  describe(`on ${backend.kind}`, async () => {
    const tf = await backend.start();
    const begin = async (config: RunConfig): Promise<Replica> => {
      await tf.setBackend(backend.kind);
      const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend.kind });
      replica.load(initialState(config, SAMPLE_SIZE));
      return replica;
    };

    describe.each(Object.entries(CASES))('%s', (_name, input) => {
      const config = tinyConfig(input);

      it('has one result, by step or by gradient and apply, and never leaks', async () => {
        const stepped = await begin(config);
        const exchanged = await begin(config);
        const alive = stepped.tensorCount();
        for (let phase = 0; phase < PHASES; phase += 1) {
          const batch = batchOf(config, phase);
          const step = stepped.step(batch, true);
          const { length, statisticsOffset, stopOffset } = gradientLayout(config, SAMPLE_SIZE, batch.plan.updates);
          // The compute thread's buffer: shared memory that outlives the phase and is overwritten by the next.
          const flat = new Float32Array(new SharedArrayBuffer(4 * length));
          flat[stopOffset] = 9;
          exchanged.gradient(batch, flat);
          expect(flat[stopOffset]).toBe(0);
          expect(step.statistics).toEqual(
            Float32Array.from(
              flat.subarray(statisticsOffset, statisticsOffset + statisticSlots(config.objective).length),
            ),
          );
          expect(exchanged.apply(batch.plan, flat, true)).toEqual({ norms: step.norms, nonFinite: undefined });
          flat.fill(Number.NaN);
          expect(Object.keys(step.norms).sort()).toEqual([...batch.plan.updates].sort());
          expect(exchanged.weightsSha256()).toBe(stepped.weightsSha256());
          expect(stepped.tensorCount()).toBe(alive);
        }
        expect(exchanged.save()).toEqual(stepped.save());
        expect(stepped.save().every(Number.isFinite)).toBe(true);
        expect(stepped.save()).not.toEqual(initialState(config, SAMPLE_SIZE));
        stepped.dispose();
        exchanged.dispose();
      });

      it('goes on from a saved state bit by bit', async () => {
        const whole = await begin(config);
        for (let phase = 0; phase < PHASES; phase += 1) whole.step(batchOf(config, phase), false);
        const first = await begin(config);
        for (let phase = 0; phase < 3; phase += 1) first.step(batchOf(config, phase), phase === 1);
        const second = await begin(config);
        const saved = first.save();
        second.load(saved);
        expect(second.save()).toEqual(saved);
        saved.fill(0);
        for (let phase = 3; phase < PHASES; phase += 1) second.step(batchOf(config, phase), false);
        expect(second.save()).toEqual(whole.save());
        for (const replica of [whole, first, second]) replica.dispose();
      });
    });

    it('has the same bits with fakes that were made ahead, also for nothing, and forgets them', async () => {
      const config = tinyConfig(
        { ...EVERYTHING, generator: { layers: [{ type: 'dropout', keep: 0.7 }, ...SIGMOID_GENERATOR] } },
        2,
      );
      const gradient = (replica: Replica, phase: number, shard: number) => {
        const { plan } = batchOf(config, phase);
        const samples =
          plan.minibatch === undefined ? undefined : someSamples(shardRange(plan.sampleCount, 2, shard).count, shard);
        const flat = new Float32Array(gradientLayout(config, SAMPLE_SIZE, plan.updates).length);
        replica.gradient({ plan, shard, samples }, flat);
        return flat;
      };
      const [plain, ahead] = [await begin(config), await begin(config)];
      const alive = ahead.tensorCount();
      for (const phase of [0, 1]) {
        for (const shard of [0, 1]) ahead.prepare({ plan: planPhase(config, DATASET_SIZE, phase), shard });
        for (const shard of [0, 1]) {
          // Another phase in between, as where gradients are computed again: what was made ahead is gone, and is made again.
          if (shard === 1) gradient(ahead, 1 - phase, shard);
          expect(gradient(ahead, phase, shard)).toEqual(gradient(plain, phase, shard));
        }
        expect(ahead.tensorCount()).toBe(alive);
      }
      ahead.prepare({ plan: planPhase(config, DATASET_SIZE, 2), shard: 0 });
      expect(ahead.tensorCount()).toBeGreaterThan(alive);
      // The shard moved to another worker.
      gradient(ahead, 3, 1);
      expect(ahead.tensorCount()).toBe(alive);
      ahead.prepare({ plan: planPhase(config, DATASET_SIZE, 4), shard: 0 });
      ahead.load(initialState(config, SAMPLE_SIZE));
      expect(ahead.tensorCount()).toBe(alive);
      for (const replica of [plain, ahead]) replica.dispose();
    });

    it('writes one network after the other, and nothing else', async () => {
      const config = tinyConfig(CASES['momentum, simultaneous']);
      const replica = await begin(config);
      const batch = batchOf(config, 0);
      const { length, statisticsOffset, slices } = gradientLayout(config, SAMPLE_SIZE, batch.plan.updates);
      const [whole, parts] = [new Float32Array(length), new Float32Array(length).fill(9)];
      replica.gradient(batch, whole);
      const border = slices.find(({ name }) => name.startsWith('generator'))?.offset ?? 0;
      replica.gradientOf(batch, 'discriminator', parts);
      expect(parts.subarray(0, border)).toEqual(whole.subarray(0, border));
      expect(parts.subarray(statisticsOffset)).toEqual(whole.subarray(statisticsOffset));
      expect(parts.subarray(border, statisticsOffset).every((value) => value === 9)).toBe(true);
      const broken = replica.tensorCount();
      replica.gradientOf(batch, 'discriminator', parts);
      expect(replica.tensorCount()).toBe(broken);
      replica.gradientOf(batch, 'generator', parts);
      expect(parts).toEqual(whole);
      replica.dispose();
    });

    it('moves running statistics with their own network alone (frozen in the other’s update), and draws pictures by them', async () => {
      const config = tinyConfig({
        generator: {
          layers: [
            { type: 'dense', units: 2, initRange: 1e-9 },
            { type: 'batch-norm', momentum: 0.75, epsilon: 1e-9 },
            { type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid' },
          ],
        },
        discriminator: {
          layers: [
            { type: 'batch-norm', momentum: 0.5 },
            { type: 'dense', units: 1 },
          ],
        },
      });
      const replica = await begin(config);
      const layout = stateLayout(config, SAMPLE_SIZE);
      const read = (name: string) => {
        const { offset, length } = layout.find((spec) => spec.name === name) ?? { offset: 0, length: 0 };
        return Array.from(replica.save().subarray(offset, offset + length));
      };
      // G's first layer gives its bias, whatever the latent: so the mean is known, and the variance is none.
      const state = replica.save();
      const bias = layout.find(({ name }) => name === 'generator.0.bias');
      state.set([0.5, -2], bias?.offset);
      replica.load(state);
      replica.step(batchOf(config, 0), false);
      expect(read('generator.1.running_mean')).toEqual([0, 0]);
      expect(read('generator.1.running_variance')).toEqual([1, 1]);
      // Of the reals and of the fakes, which are not half as bright as D's first mean says.
      const seen = read('discriminator.0.running_mean');
      const { samples = new Uint8Array() } = batchOf(config, 0);
      const reals = Array.from({ length: SAMPLE_SIZE }, (_, pixel) => {
        const values = Array.from(samples).filter((_value, i) => i % SAMPLE_SIZE === pixel);
        return values.reduce((sum, value) => sum + value / 255, 0) / values.length;
      });
      for (const [pixel, mean] of seen.entries()) expect(mean).toBeCloseTo(0.5 * 0.5 * ((reals[pixel] ?? 0) + 0.5), 2);
      replica.step(batchOf(config, 1), false);
      expect(read('discriminator.0.running_mean')).toEqual(seen);
      for (const [channel, mean] of [0.125, -0.5].entries()) {
        expect(read('generator.1.running_mean')[channel]).toBeCloseTo(mean, 6);
        expect(read('generator.1.running_variance')[channel]).toBeCloseTo(0.75, 6);
      }
      // By the statistics of a batch, pictures would depend on which others are drawn with them.
      expect(replica.sample(5).subarray(0, SAMPLE_SIZE)).toEqual(replica.sample(1));
      replica.dispose();
    });

    it('applies nothing where a variance overflows, though every gradient is finite', async () => {
      const layers = [{ type: 'batch-norm' as const }, { type: 'dense' as const, units: 1 }];
      const config = tinyConfig({ discriminator: { layers } });
      const replica = await begin(config);
      const batch = batchOf(config, 0);
      const layout = gradientLayout(config, SAMPLE_SIZE, batch.plan.updates);
      const flat = new Float32Array(layout.length);
      replica.gradient(batch, flat);
      flat[layout.moments.find(({ name }) => name.endsWith('running_variance'))?.offset ?? -1] =
        Number.POSITIVE_INFINITY;
      const before = replica.save();
      expect(replica.apply(batch.plan, flat, true)).toEqual({
        norms: {},
        nonFinite: 'discriminator.0.running_variance',
      });
      expect(replica.save()).toEqual(before);
      replica.dispose();
    });

    it('gives back every tensor', async () => {
      await tf.setBackend(backend.kind);
      const before = tf.memory().numTensors;
      const replica = await begin(tinyConfig(EVERYTHING));
      replica.step(batchOf(tinyConfig(EVERYTHING), 0), true);
      replica.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('hashes the bytes of the weights in canonical order, and nothing else', async () => {
      const config = tinyConfig(CASES['momentum, simultaneous']);
      const replica = await begin(config);
      replica.step(batchOf(config, 0), false);
      const state = replica.save();
      const end = stateLayout(config, SAMPLE_SIZE).find(({ name }) => name.includes('/'))?.offset;
      const expected = createHash('sha256').update(new Uint8Array(state.buffer, 0, 4 * (end ?? 0)));
      expect(replica.weightsSha256()).toBe(expected.digest('hex'));
      replica.dispose();
    });

    it('draws pictures from the fixed latents: the same again, more of them, and of the average where it is on', async () => {
      const config = tinyConfig({ generator: { layers: SIGMOID_GENERATOR }, ema: { halfLifeSamples: 1e9 } });
      const replica = await begin(config);
      const few = replica.sample(3);
      expect(few.length).toBe(3 * SAMPLE_SIZE);
      expect(new Set(few).size).toBeGreaterThan(3);
      expect(replica.sample(5).subarray(0, few.length)).toEqual(few);
      for (let phase = 0; phase < PHASES; phase += 1) replica.step(batchOf(config, phase), false);
      // The average has hardly moved; the weights have.
      expect(replica.sample(3)).toEqual(few);
      const weights = await begin({ ...config, ema: undefined });
      weights.load(replica.save().subarray(0, weights.save().length));
      expect(weights.sample(3)).not.toEqual(few);
      replica.dispose();
      weights.dispose();
    });

    it('refuses what does not fit', async () => {
      const config = tinyConfig();
      const replica = await begin(config);
      const batch = batchOf(config, 0);
      expect(() => replica.load(new Float32Array(3))).toThrow('a state of 3 values');
      expect(() => replica.gradient(batch, new Float32Array(3))).toThrow('a gradient of 3 values');
      expect(() => replica.apply(batch.plan, new Float32Array(3), false)).toThrow('a gradient of 3 values');
      expect(() => replica.step({ ...batch, samples: new Uint8Array(5) }, false)).toThrow('5 bytes for 8 rows of 6');
      expect(() => replica.step({ ...batch, samples: undefined }, false)).toThrow("the shard's samples");
      replica.dispose();
      expect(() => createReplica({ config, sampleSize: 7, tf, kind: backend.kind })).toThrow('generator.layers.1');
    });
  });
}

function batchOf(config: RunConfig, phase: number) {
  const plan = planPhase(config, DATASET_SIZE, phase);
  const samples = plan.minibatch === undefined ? undefined : someSamples(plan.sampleCount, phase);
  return { plan, shard: 0, samples };
}
