/** Networks of every layer, loss, penalty, schedule and optimizer there is, on tiny samples. */
import type { RunConfigInput } from '../../services/config/runConfig.ts';
import { SAMPLE_SIZE } from '../gan/configs.ts';

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
export const CASES = {
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
} satisfies Record<string, Partial<RunConfigInput>>;
