/**
 * Proves that the replica's gradients and statistics are those of the game: every layer type, activation, objective and
 * schedule against central differences of a float64 reference; shards against the whole batch.
 */
import { describe, expect, it } from 'vitest';
import type { NetworkName, RunConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { must } from '../../services/errors/invariant.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout, stateLayout } from '../../services/gan/layout.ts';
import type { Replica } from '../../services/gan/replica.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { type PhasePlan, planPhase } from '../../services/plan/phasePlan.ts';
import { shardRange } from '../../services/plan/shards.ts';
import { testBackends } from './backends.ts';
import {
  DATASET_SIZE,
  RELU_DISCRIMINATOR,
  SAMPLE_SIZE,
  SIGMOID_GENERATOR,
  someSamples,
  tinyConfig,
} from './configs.ts';
import { referenceGradient, referenceLoss, type Weights } from './reference.ts';

const SIMULTANEOUS = { type: 'simultaneous' } as const;
const MAXOUT: RunConfigInput['discriminator']['layers'] = [
  { type: 'dropout', keep: 0.8 },
  { type: 'maxout', units: 4, pieces: 3 },
  { type: 'dropout', keep: 0.5 },
  { type: 'dense', units: 1 },
];
const activated = (activation: 'linear' | 'relu' | 'leaky-relu' | 'sigmoid' | 'tanh'): Partial<RunConfigInput> => ({
  generator: {
    layers: [
      { type: 'dense', units: 5, activation },
      { type: 'dense', units: SAMPLE_SIZE, activation },
    ],
  },
  discriminator: {
    layers: [
      { type: 'dense', units: 4, activation },
      { type: 'dense', units: 1 },
    ],
  },
});

const CASES: Record<string, Partial<RunConfigInput>> = {
  linear: activated('linear'),
  relu: activated('relu'),
  'leaky relu': activated('leaky-relu'),
  sigmoid: activated('sigmoid'),
  tanh: activated('tanh'),
  'minimax, scaled D': { objective: { generator: 'minimax', discriminatorScale: 0.5 } },
  'least squares, scaled D': { objective: { loss: 'least-squares', discriminatorScale: 0.5 } },
  hinge: { objective: { loss: 'hinge', discriminatorScale: 0.5 } },
  'hinge, simultaneous': { objective: { loss: 'hinge' }, schedule: SIMULTANEOUS },
  'R1, leaky relu': {
    ...activated('leaky-relu'),
    objective: { penalty: { r1: 10 } },
  },
  'R1 and R2, tanh': { ...activated('tanh'), objective: { penalty: { r1: 3, r2: 2 } } },
  'R2 of every second update, sigmoid, simultaneous': {
    ...activated('sigmoid'),
    schedule: SIMULTANEOUS,
    objective: { penalty: { r2: 5, interval: 2 } },
  },
  'R1 through maxout, dropout and least squares': {
    discriminator: { layers: MAXOUT },
    objective: { loss: 'least-squares', penalty: { r1: 1 } },
  },
  'R1 and R2 through convolutions': {
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'conv', filters: 2, kernel: 2, activation: 'tanh' },
        { type: 'conv-transpose', filters: 2, kernel: 2, stride: 2, activation: 'leaky-relu' },
        { type: 'conv', filters: 2, kernel: 3, stride: 2, padding: 'valid', activation: 'sigmoid' },
        { type: 'dense', units: 1 },
      ],
    },
    objective: { penalty: { r1: 2, r2: 1 } },
  },
  'maxout and dropout': { discriminator: { layers: MAXOUT } },
  'maxout in G, normal latents': {
    latent: { size: 3, distribution: 'normal' },
    generator: {
      layers: [
        { type: 'maxout', units: 5, pieces: 2 },
        { type: 'maxout', units: SAMPLE_SIZE, pieces: 2 },
      ],
    },
  },
  'dropout in G': {
    generator: {
      layers: [...SIGMOID_GENERATOR.slice(0, 1), { type: 'dropout', keep: 0.7 }, ...SIGMOID_GENERATOR.slice(1)],
    },
  },
  // An image of 2 × 3, whose sides a stride does not divide evenly.
  'convolutions, same padding': {
    generator: {
      layers: [
        { type: 'dense', units: 4, activation: 'tanh' },
        { type: 'reshape', shape: [1, 2, 2] },
        { type: 'conv-transpose', filters: 3, kernel: 3, stride: 2, activation: 'leaky-relu' },
        { type: 'conv', filters: 1, kernel: 2, activation: 'sigmoid' },
        { type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid' },
      ],
    },
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'conv', filters: 2, kernel: 3, stride: 2, activation: 'leaky-relu' },
        { type: 'dropout', keep: 0.8 },
        { type: 'conv', filters: 3, kernel: 1, activation: 'tanh' },
        { type: 'dense', units: 1 },
      ],
    },
  },
  'convolutions without padding, both gradients from one point': {
    schedule: SIMULTANEOUS,
    generator: {
      layers: [
        { type: 'reshape', shape: [1, 1, 3] },
        { type: 'conv-transpose', filters: 2, kernel: 2, padding: 'valid', activation: 'tanh' },
        { type: 'conv-transpose', filters: 1, kernel: 3, stride: 3, padding: 'same', activation: 'linear' },
        { type: 'conv', filters: 1, kernel: 2, stride: 4, padding: 'valid', activation: 'sigmoid' },
        { type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid' },
      ],
    },
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'conv', filters: 4, kernel: 2, padding: 'valid', activation: 'leaky-relu' },
        { type: 'dense', units: 1 },
      ],
    },
  },
  'batch norm of values and of channels': {
    generator: {
      layers: [
        { type: 'dense', units: 4 },
        { type: 'batch-norm', activation: 'tanh' },
        { type: 'reshape', shape: [1, 2, 2] },
        { type: 'conv-transpose', filters: 3, kernel: 2, stride: 2 },
        { type: 'batch-norm', epsilon: 0.01, activation: 'leaky-relu' },
        { type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid' },
      ],
    },
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'conv', filters: 2, kernel: 2 },
        { type: 'batch-norm', activation: 'tanh' },
        { type: 'dropout', keep: 0.8 },
        { type: 'dense', units: 1 },
      ],
    },
  },
  'batch norm, both gradients from one point': {
    schedule: SIMULTANEOUS,
    generator: {
      layers: [
        { type: 'dense', units: 5 },
        { type: 'batch-norm', activation: 'sigmoid' },
        { type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid' },
      ],
    },
    discriminator: {
      layers: [
        { type: 'dense', units: 4 },
        { type: 'batch-norm', activation: 'leaky-relu' },
        { type: 'dense', units: 1 },
      ],
    },
  },
  // A stride that leaves values out.
  'a stride longer than the kernel': {
    discriminator: {
      layers: [
        { type: 'reshape', shape: [3, 2, 1] },
        { type: 'conv', filters: 2, kernel: 1, stride: 2, activation: 'sigmoid' },
        { type: 'dense', units: 1 },
      ],
    },
  },
  'simultaneous, maxout and dropout': { schedule: SIMULTANEOUS, discriminator: { layers: MAXOUT } },
  'simultaneous, minimax': {
    schedule: SIMULTANEOUS,
    objective: { generator: 'minimax' },
    discriminator: { layers: RELU_DISCRIMINATOR },
  },
};

for (const backend of testBackends()) {
  describe(`on ${backend.kind}`, async () => {
    const tf = await backend.start();
    const begin = async (config: RunConfig): Promise<{ replica: Replica; state: Float32Array }> => {
      await tf.setBackend(backend.kind);
      const replica = createReplica({ config, sampleSize: SAMPLE_SIZE, tf, kind: backend.kind });
      const state = spread(initialState(config, SAMPLE_SIZE));
      replica.load(state);
      return { replica, state };
    };

    it.each(Object.entries(CASES))('%s: gradients are the central differences of the losses', async (_name, input) => {
      const config = tinyConfig(input);
      const { replica, state } = await begin(config);
      for (const phase of [0, 1]) {
        const plan = planPhase(config, DATASET_SIZE, phase);
        const samples = plan.minibatch === undefined ? undefined : someSamples(plan.sampleCount);
        const layout = gradientLayout(config, SAMPLE_SIZE, plan.updates);
        const flat = new Float32Array(layout.length);
        replica.gradient({ plan, shard: 0, samples }, flat);

        const batch = referenceBatch(plan, samples);
        const weights = weightsOf(config, state);
        const expected = plan.updates.flatMap((network) => referenceGradient(config, network, weights, batch));
        const scale = Math.max(...expected.map(Math.abs));
        expect(scale).toBeGreaterThan(1e-3);
        expect(expected.length).toBe(layout.statisticsOffset);
        const worst = Math.max(...expected.map((value, i) => Math.abs(value - must(flat[i], 'gradient'))));
        // Batch norm's gradient is a difference of larger terms; a penalty's reference has two differences in one another.
        expect(worst / scale).toBeLessThan(/batch-norm|penalty/.test(JSON.stringify(input)) ? 1e-5 : 3e-6);

        const [discriminatorLoss, generatorLoss, value, dReal] = flat.subarray(layout.statisticsOffset);
        const loss = (network: NetworkName) =>
          plan.updates.includes(network) ? referenceLoss(config, network, weights, batch) : 0;
        expect(discriminatorLoss).toBeCloseTo(loss('discriminator'), 4);
        expect(generatorLoss).toBeCloseTo(loss('generator'), 4);
        expect(value).toBeCloseTo(-loss('discriminator') / config.objective.discriminatorScale, 4);
        if (config.objective.loss === 'log') expect(must(dReal, 'dReal') > 0).toBe(plan.minibatch !== undefined);
      }
      replica.dispose();
    });

    it('gives shards whose sum is the whole batch, and zeros for a shard without samples', async () => {
      const shards = 11;
      const config = tinyConfig({ discriminator: { layers: MAXOUT } });
      const whole = await begin(config);
      const cut = await begin({ ...config, shards });
      for (const phase of [0, 1, 4]) {
        const plan = planPhase(config, DATASET_SIZE, phase);
        const all = plan.minibatch === undefined ? undefined : someSamples(plan.sampleCount, phase);
        const { length } = gradientLayout(config, SAMPLE_SIZE, plan.updates);
        const expected = new Float32Array(length);
        whole.replica.gradient({ plan, shard: 0, samples: all }, expected);
        const sum = new Float64Array(length);
        for (let shard = 0; shard < shards; shard += 1) {
          const { first, count } = shardRange(plan.sampleCount, shards, shard);
          const flat = new Float32Array(length).fill(Number.NaN);
          const samples = all?.subarray(first * SAMPLE_SIZE, (first + count) * SAMPLE_SIZE);
          cut.replica.gradient({ plan, shard, samples }, flat);
          if (count === 0) expect(flat.every((value) => value === 0)).toBe(true);
          flat.forEach((value, i) => {
            sum[i] = must(sum[i], 'sum') + value;
          });
        }
        const worst = Math.max(...sum.map((value, i) => Math.abs(value - must(expected[i], 'gradient'))));
        expect(worst).toBeLessThan(1e-5);
      }
      whole.replica.dispose();
      cut.replica.dispose();
    });

    it('gives a tie of maxout pieces to one piece, and nothing lost', async () => {
      const config = tinyConfig({
        discriminator: {
          layers: [
            { type: 'maxout', units: 1, pieces: 3 },
            { type: 'dense', units: 1 },
          ],
        },
      });
      const { replica, state } = await begin(config);
      const tied = state.slice();
      for (const spec of stateLayout(config, SAMPLE_SIZE)) {
        if (spec.name.startsWith('discriminator')) tied.fill(0.25, spec.offset, spec.offset + spec.length);
      }
      replica.load(tied);
      const plan = planPhase(config, DATASET_SIZE, 0);
      const layout = gradientLayout(config, SAMPLE_SIZE, plan.updates);
      const flat = new Float32Array(layout.length);
      replica.gradient({ plan, shard: 0, samples: someSamples(plan.sampleCount) }, flat);
      const bias = must(
        layout.slices.find(({ name }) => name === 'discriminator.0.bias'),
        'bias',
      );
      const pieces = Array.from(flat.subarray(bias.offset, bias.offset + 3));
      expect(pieces[0]).not.toBe(0);
      expect(pieces.slice(1)).toEqual([0, 0]);
      replica.dispose();
    });
  });
}

/** Biases away from 0, where relu and maxout have their kinks. */
function spread(state: Float32Array): Float32Array {
  return state.map((value, index) => (value === 0 ? 0.3 * Math.sin(index + 1) : value));
}

function weightsOf(config: RunConfig, state: Float32Array): Weights {
  const layout = stateLayout(config, SAMPLE_SIZE).filter(({ name }) => !/\/|running_/.test(name));
  return new Map(
    layout.map(({ name, offset, length }) => [name, Float64Array.from(state.subarray(offset, offset + length))]),
  );
}

function referenceBatch({ phase, sampleCount: count, updatesBefore }: PhasePlan, samples: Uint8Array | undefined) {
  const values = Float32Array.from(samples ?? [], (byte) => byte / 255);
  const rows = Array.from({ length: values.length / SAMPLE_SIZE }, (_, row) =>
    Array.from(values.subarray(row * SAMPLE_SIZE, (row + 1) * SAMPLE_SIZE)),
  );
  return { phase, discriminatorUpdates: updatesBefore.discriminator, range: { first: 0, count }, reals: rows };
}
