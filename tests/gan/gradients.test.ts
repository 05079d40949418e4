/**
 * Proves that the replica's gradients and statistics are those of the game: every layer type, activation, objective and
 * schedule against central differences of a float64 reference; shards against the whole batch.
 */
import { describe, expect, it } from 'vitest';
import type { NetworkName, RunConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { must } from '../../services/errors/invariant.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout, stateLayout } from '../../services/gan/layout.ts';
import { statisticSlots } from '../../services/gan/objective.ts';
import type { Replica } from '../../services/gan/replica.ts';
import { createReplica } from '../../services/gan/tfReplica.ts';
import { planPhase } from '../../services/plan/phasePlan.ts';
import { shardRange } from '../../services/plan/shards.ts';
import { testBackends } from './backends.ts';
import {
  DATASET_SIZE,
  RELU_DISCRIMINATOR,
  SAMPLE_SIZE,
  SIGMOID_GENERATOR,
  someRows,
  someSamples,
  tinyConfig,
} from './configs.ts';
import { referenceGradient, referenceLoss, referencePenalty } from './reference.ts';
import { referenceBatch, spread, weightsOf } from './referenceCase.ts';

const SIMULTANEOUS = { type: 'simultaneous' } as const;
const MAXOUT: RunConfigInput['discriminator']['layers'] = [
  { type: 'dropout', keep: 0.8 },
  { type: 'maxout', units: 4, pieces: 3 },
  { type: 'dropout', keep: 0.5 },
  { type: 'dense', units: 1 },
];
const CONVOLUTIONS: RunConfigInput['discriminator']['layers'] = [
  { type: 'reshape', shape: [2, 3, 1] },
  { type: 'conv', filters: 2, kernel: 2, activation: 'tanh' },
  { type: 'dropout', keep: 0.8 },
  { type: 'conv-transpose', filters: 2, kernel: 2, stride: 2, activation: 'leaky-relu' },
  { type: 'conv', filters: 2, kernel: 3, stride: 2, padding: 'valid', activation: 'sigmoid' },
  { type: 'dense', units: 1 },
];
const activated = (
  activation: 'linear' | 'relu' | 'leaky-relu' | 'elu' | 'softplus' | 'sigmoid' | 'tanh',
): Partial<RunConfigInput> => ({
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

/** Two fill a shard of 4. */
const MINIBATCH_STD: RunConfigInput['discriminator']['layers'][number] = { type: 'minibatch-std', groupSize: 2 };

const CONDITIONAL: Partial<RunConfigInput> = {
  data: { dataset: 'mnist', labels: true },
  generator: { layers: [{ type: 'class-embedding', classes: 3, size: 2 }, ...SIGMOID_GENERATOR] },
  discriminator: {
    layers: [
      { type: 'class-embedding', classes: 3, size: 2 },
      { type: 'dense', units: 4, activation: 'tanh' },
      { type: 'class-embedding', classes: 3, size: 1 },
      { type: 'class-projection', classes: 3 },
    ],
  },
};

const CASES: Record<string, Partial<RunConfigInput>> = {
  linear: activated('linear'),
  relu: activated('relu'),
  'leaky relu': activated('leaky-relu'),
  sigmoid: activated('sigmoid'),
  tanh: activated('tanh'),
  elu: activated('elu'),
  softplus: activated('softplus'),
  'R1 and R2, elu': { ...activated('elu'), objective: { penalty: { r1: 3, r2: 2 } } },
  'R1 and R2, softplus': { ...activated('softplus'), objective: { penalty: { r1: 3, r2: 2 } } },
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
  'R1 and R2 on a schedule, tanh, simultaneous': {
    ...activated('tanh'),
    schedule: SIMULTANEOUS,
    objective: {
      penalty: {
        r1: { type: 'cosine', from: 4, to: 0, overUpdates: 2 },
        r2: { type: 'cosine', from: 1, to: 3, overUpdates: 3 },
      },
    },
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
  'classes, in G and at the end of D': CONDITIONAL,
  'classes, both gradients from one point, R1 and R2': {
    ...CONDITIONAL,
    schedule: SIMULTANEOUS,
    objective: { penalty: { r1: 2, r2: 1 } },
  },
  'upsampling, maximum and average pooling': {
    generator: {
      layers: [
        { type: 'dense', units: 4, activation: 'tanh' },
        { type: 'reshape', shape: [1, 2, 2] },
        { type: 'upsample', factor: 3 },
        { type: 'conv', filters: 2, kernel: 2, activation: 'tanh' },
        { type: 'pool', kind: 'average', size: 3, stride: 2, padding: 'same' },
        { type: 'pool', kind: 'max', size: 2, stride: 1, padding: 1 },
        { type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid' },
      ],
    },
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'upsample' },
        { type: 'conv', filters: 2, kernel: 3, activation: 'leaky-relu' },
        { type: 'pool', size: 3, stride: 2, padding: 'partial' },
        { type: 'pool', kind: 'average', size: 2, padding: 1 },
        { type: 'pool', size: 2, stride: 1, padding: 'same' },
        { type: 'dense', units: 1 },
      ],
    },
  },
  'R1 and R2 through upsampling, pooling, maxout and untied biases': {
    // A seed with which no step of the differences crosses where another piece, or another value of a pool, wins.
    seed: 11,
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'maxout-conv', filters: 2, kernel: 2, pieces: 2, padding: 1 },
        { type: 'pool', size: 3, stride: 2, padding: 'partial' },
        { type: 'upsample' },
        { type: 'conv', filters: 2, kernel: 2, activation: 'tanh', padding: 1, untiedBias: true },
        { type: 'pool', kind: 'average', size: 2, stride: 1, padding: 'same' },
        { type: 'dense', units: 1 },
      ],
    },
    objective: { penalty: { r1: 2, r2: 1 } },
  },
  'explicit padding, untied biases and maxout of channels, both gradients from one point': {
    schedule: SIMULTANEOUS,
    generator: {
      layers: [
        { type: 'dense', units: 8, activation: 'elu' },
        { type: 'reshape', shape: [2, 2, 2] },
        { type: 'maxout-conv', filters: 2, kernel: 2, pieces: 3, padding: 'valid' },
        { type: 'conv-transpose', filters: 1, kernel: 4, stride: 3, padding: 1, activation: 'tanh', untiedBias: true },
        { type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid' },
      ],
    },
    discriminator: {
      layers: [
        { type: 'reshape', shape: [3, 2, 1] },
        { type: 'maxout-conv', filters: 3, kernel: 3, stride: 2, pieces: 2, padding: 2 },
        { type: 'dropout', keep: 0.8 },
        { type: 'conv', filters: 2, kernel: 3, stride: 2, padding: 1, activation: 'tanh', untiedBias: true },
        { type: 'dense', units: 1 },
      ],
    },
  },
  'minibatch standard deviation of values and of images': {
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'conv', filters: 2, kernel: 2, activation: 'tanh' },
        // 8 or 7 samples, so that the last group is smaller.
        { type: 'minibatch-std', groupSize: 3 },
        { type: 'conv', filters: 2, kernel: 2, stride: 2, activation: 'tanh' },
        { type: 'reshape', shape: [4] },
        { type: 'minibatch-std', groupSize: 4 },
        { type: 'dense', units: 1 },
      ],
    },
  },
  'R1 and R2 through minibatch standard deviation': {
    discriminator: {
      layers: [
        { type: 'dense', units: 3, activation: 'tanh' },
        { type: 'minibatch-std', groupSize: 3 },
        { type: 'dense', units: 3, activation: 'sigmoid' },
        { type: 'dense', units: 1 },
      ],
    },
    objective: { penalty: { r1: 2, r2: 1 } },
  },
  'packing, dropout and batch norm': {
    batchSize: 6,
    discriminator: {
      packing: 3,
      layers: [
        { type: 'dropout', keep: 0.8 },
        { type: 'reshape', shape: [2, 3, 3] },
        { type: 'pool', size: 2, padding: 'partial' },
        { type: 'conv', filters: 2, kernel: 2, activation: 'tanh' },
        { type: 'batch-norm', activation: 'tanh' },
        { type: 'dense', units: 1 },
      ],
    },
  },
  'packing, R1 and R2, both gradients from one point': {
    schedule: SIMULTANEOUS,
    discriminator: {
      packing: 2,
      layers: [
        { type: 'reshape', shape: [2, 3, 2] },
        { type: 'pool', size: 2, stride: 1 },
        { type: 'dense', units: 4, activation: 'tanh' },
        { type: 'dense', units: 1 },
      ],
    },
    objective: { penalty: { r1: 2, r2: 1 }, loss: 'least-squares' },
  },
  'packing, gradient penalty and DRAGAN, dropout': {
    batchSize: 6,
    discriminator: {
      packing: 2,
      layers: [
        { type: 'dropout', keep: 0.8 },
        { type: 'dense', units: 4, activation: 'tanh' },
        { type: 'dense', units: 1 },
      ],
    },
    objective: { loss: 'relativistic', penalty: { gp: { weight: 2 }, dragan: { weight: 3, noise: 0.3 } } },
  },
  'spectral normalisation': {
    generator: {
      layers: [
        { type: 'dense', units: 4, spectralNorm: true, activation: 'tanh' },
        { type: 'reshape', shape: [1, 2, 2] },
        { type: 'conv', filters: 3, kernel: 2, spectralNorm: true, activation: 'tanh' },
        { type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid' },
      ],
    },
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'conv', filters: 3, kernel: 2, spectralNorm: true, activation: 'leaky-relu' },
        { type: 'dense', units: 1, spectralNorm: true },
      ],
    },
  },
  'R1 and R2 through spectral normalisation': {
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'conv', filters: 2, kernel: 2, stride: 2, spectralNorm: true, activation: 'tanh' },
        { type: 'dense', units: 3, spectralNorm: true, activation: 'tanh' },
        { type: 'dense', units: 1, spectralNorm: true },
      ],
    },
    objective: { penalty: { r1: 2, r2: 1 } },
  },
  'label smoothing': { objective: { labelSmoothing: 0.1, discriminatorScale: 0.5 } },
  'label smoothing, least squares, simultaneous': {
    schedule: SIMULTANEOUS,
    objective: { loss: 'least-squares', labelSmoothing: 0.3 },
  },
  'wasserstein with its penalty, leaky relu': {
    ...activated('leaky-relu'),
    objective: { loss: 'wasserstein', penalty: { gp: { weight: 2 } } },
  },
  'wasserstein with its penalty through maxout and dropout, simultaneous': {
    schedule: SIMULTANEOUS,
    discriminator: { layers: MAXOUT },
    objective: { loss: 'wasserstein', discriminatorScale: 2, penalty: { gp: { weight: 3, norm: 0.5 } } },
  },
  'gradient penalty and DRAGAN through convolutions and dropout': {
    discriminator: { layers: CONVOLUTIONS },
    objective: { penalty: { gp: { weight: 2 }, dragan: { weight: 3, norm: 0.8, noise: 0.3 } } },
  },
  'DRAGAN, hinge, sigmoid': {
    ...activated('sigmoid'),
    objective: { loss: 'hinge', penalty: { dragan: { weight: 1, noise: 0.2 } } },
  },
  'DRAGAN of every second update, least squares, linear': {
    ...activated('linear'),
    schedule: SIMULTANEOUS,
    objective: { loss: 'least-squares', penalty: { dragan: { weight: 4 }, interval: 2 } },
  },
  'every penalty at once, on schedules': {
    ...activated('tanh'),
    schedule: SIMULTANEOUS,
    objective: {
      penalty: {
        r1: { type: 'exponential', from: 2, to: 1, overUpdates: 3 },
        r2: 2,
        gp: { weight: { type: 'cosine', from: 2, to: 0, overUpdates: 3 } },
        dragan: { weight: { type: 'cosine', from: 0, to: 3, overUpdates: 3 }, noise: 0.2 },
      },
    },
  },
  'relativistic, gradient penalty and DRAGAN where the networks know classes': {
    ...CONDITIONAL,
    objective: { loss: 'relativistic', penalty: { gp: { weight: 2 }, dragan: { weight: 3 } } },
  },
  'wasserstein with its penalty through maxout convolutions, pooling, ELU and softplus': {
    discriminator: {
      layers: [
        { type: 'reshape', shape: [2, 3, 1] },
        { type: 'upsample' },
        { type: 'maxout-conv', filters: 2, kernel: 2, pieces: 2 },
        { type: 'pool', kind: 'max', size: 2 },
        { type: 'conv', filters: 2, kernel: 2, activation: 'elu' },
        { type: 'pool', kind: 'average', size: 2, padding: 'same' },
        { type: 'dense', units: 3, activation: 'softplus' },
        { type: 'dense', units: 1 },
      ],
    },
    objective: { loss: 'wasserstein', penalty: { gp: { weight: 4 } } },
  },
  relativistic: { objective: { loss: 'relativistic' } },
  'relativistic, simultaneous, maxout and dropout': {
    schedule: SIMULTANEOUS,
    discriminator: { layers: MAXOUT },
    objective: { loss: 'relativistic', discriminatorScale: 0.5 },
  },
  'relativistic with R1 and R2 through convolutions': {
    discriminator: { layers: CONVOLUTIONS },
    objective: { loss: 'relativistic', penalty: { r1: 1, r2: 2 } },
  },
  'relativistic, batch norm': {
    objective: { loss: 'relativistic' },
    discriminator: {
      layers: [
        { type: 'dense', units: 4 },
        { type: 'batch-norm', activation: 'tanh' },
        { type: 'dropout', keep: 0.8 },
        { type: 'dense', units: 1 },
      ],
    },
  },
  'instance noise': {
    ...activated('tanh'),
    objective: { instanceNoise: { std: { type: 'cosine', from: 0.5, to: 0.1, overUpdates: 4 } } },
  },
  'augmented grey images': {
    objective: { augment: { shape: [2, 3, 1], translation: 0.4 } },
  },
  'augmented colours under noise, relativistic, every penalty': {
    ...activated('tanh'),
    objective: {
      loss: 'relativistic',
      augment: { shape: [2, 1, 3], translation: 0.3, cutout: 0.4 },
      instanceNoise: { std: 0.1 },
      penalty: { r1: 1, r2: 1, gp: {}, dragan: {} },
    },
  },
  'augmented colours, both gradients from one point': {
    ...activated('sigmoid'),
    schedule: SIMULTANEOUS,
    objective: { augment: { shape: [1, 2, 3], translation: 0.3, cutout: 0.3 }, instanceNoise: { std: 0.2 } },
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

    it.each(Object.entries(CASES))('%s: gradients are the central differences of the losses', async (name, input) => {
      const config = tinyConfig(input);
      const { replica, state } = await begin(config);
      for (const phase of [0, 1]) {
        const plan = planPhase(config, DATASET_SIZE, phase);
        const samples = plan.minibatch === undefined ? undefined : someRows(config, plan.sampleCount);
        const layout = gradientLayout(config, SAMPLE_SIZE, plan.updates);
        const flat = new Float32Array(layout.length);
        replica.gradient({ plan, shard: 0, samples }, flat);

        const batch = referenceBatch(config, plan, samples);
        const weights = weightsOf(config, state);
        const expected = plan.updates.flatMap((network) =>
          once(`${name}, ${phase}, ${network}`, () => referenceGradient(config, network, weights, batch)),
        );
        const scale = Math.max(...expected.map(Math.abs));
        expect(scale).toBeGreaterThan(1e-3);
        expect(expected.length).toBe(layout.statisticsOffset);
        const worst = Math.max(...expected.map((value, i) => Math.abs(value - must(flat[i], 'gradient'))));
        // These gradients are differences of larger terms; a penalty's reference has two differences in one another.
        expect(worst / scale).toBeLessThan(
          /batch-norm|minibatch-std|penalty/.test(JSON.stringify(input)) ? 1e-5 : 3e-6,
        );

        const slots = statisticSlots(config.objective).length;
        const tail = flat.subarray(layout.statisticsOffset, layout.statisticsOffset + slots);
        const [discriminatorLoss, generatorLoss, value, dReal, , penalty = 0] = tail;
        const loss = (network: NetworkName) =>
          plan.updates.includes(network) ? referenceLoss(config, network, weights, batch) : 0;
        expect(discriminatorLoss).toBeCloseTo(loss('discriminator'), 4);
        expect(generatorLoss).toBeCloseTo(loss('generator'), 4);
        const unsmoothed = { ...config, objective: { ...config.objective, labelSmoothing: 0, discriminatorScale: 1 } };
        const hasReals = plan.minibatch !== undefined;
        expect(value).toBeCloseTo(hasReals ? -referenceLoss(unsmoothed, 'discriminator', weights, batch) : 0, 4);
        const interval = config.objective.penalty?.interval ?? 1;
        const paid = plan.updates.includes('discriminator')
          ? referencePenalty(config, 'discriminator', weights, batch) / interval
          : 0;
        expect(Math.abs(penalty - paid)).toBeLessThan(1e-5 * Math.max(1, paid));
        if (config.objective.loss === 'log') expect(must(dReal, 'dReal') > 0).toBe(plan.minibatch !== undefined);
      }
      replica.dispose();
    });

    it.each([
      ['of dropout and maxout', 11, { discriminator: { layers: MAXOUT } }],
      ['of packs', 3, { batchSize: 12, discriminator: { packing: 2, layers: MAXOUT } }],
      ['of compared groups', 3, { batchSize: 12, discriminator: { layers: [MINIBATCH_STD, ...MAXOUT] } }],
    ] satisfies [string, number, Partial<RunConfigInput>][])(
      'gives shards %s whose sum is the whole batch, and zeros for one without samples',
      async (...of) => {
        const [, shards, input] = of;
        const config = tinyConfig(input);
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
      },
    );

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

/** The reference knows no backend. */
const known = new Map<string, readonly number[]>();

function once(key: string, compute: () => readonly number[]): readonly number[] {
  const found = known.get(key) ?? compute();
  known.set(key, found);
  return found;
}
