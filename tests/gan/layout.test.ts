/** Proves the canonical order of tensors and that every value of a flat array belongs to exactly one of them. */
import { describe, expect, it } from 'vitest';
import { gradientLayout, stateLayout, stateLength, type TensorSpec } from '../../services/gan/layout.ts';
import { SAMPLE_SIZE, tinyConfig } from './configs.ts';

const config = tinyConfig({
  discriminator: {
    layers: [
      { type: 'dropout', keep: 0.8 },
      { type: 'maxout', units: 4, pieces: 3 },
      { type: 'dense', units: 1 },
    ],
  },
  optimizer: {
    generator: { type: 'adam', learningRate: 0.1 },
    discriminator: { type: 'sgd', learningRate: 0.1, momentum: { initial: 0.5, final: 0.7, saturateEpoch: 2 } },
  },
  ema: { halfLifeSamples: 10 },
});

const WEIGHTS = [
  'generator.0.weight [3,5]',
  'generator.0.bias [5]',
  'generator.1.weight [5,6]',
  'generator.1.bias [6]',
  'discriminator.1.weight [6,12]',
  'discriminator.1.bias [12]',
  'discriminator.2.weight [4,1]',
  'discriminator.2.bias [1]',
];

describe('stateLayout', () => {
  const layout = stateLayout(config, SAMPLE_SIZE);

  it('is weights of G and D, their slots, then the average of G', () => {
    const name = ({ name, shape }: TensorSpec) => `${name} [${shape.join(',')}]`;
    expect(layout.slice(0, WEIGHTS.length).map(name)).toEqual(WEIGHTS);
    expect(layout.slice(WEIGHTS.length).map((spec) => spec.name)).toEqual([
      'generator.0.weight/adam_m',
      'generator.0.weight/adam_v',
      'generator.0.bias/adam_m',
      'generator.0.bias/adam_v',
      'generator.1.weight/adam_m',
      'generator.1.weight/adam_v',
      'generator.1.bias/adam_m',
      'generator.1.bias/adam_v',
      'discriminator.1.weight/velocity',
      'discriminator.1.bias/velocity',
      'discriminator.2.weight/velocity',
      'discriminator.2.bias/velocity',
      'generator.0.weight/ema',
      'generator.0.bias/ema',
      'generator.1.weight/ema',
      'generator.1.bias/ema',
    ]);
  });

  it('ends in running statistics, then singular vectors', () => {
    const normalised = tinyConfig({
      discriminator: {
        layers: [
          { type: 'reshape', shape: [2, 3, 1] },
          { type: 'conv', filters: 4, kernel: 2, spectralNorm: true },
          { type: 'batch-norm' },
          { type: 'dense', units: 1, spectralNorm: true },
        ],
      },
    });
    const tail = stateLayout(normalised, SAMPLE_SIZE).slice(-4);
    expect(tail.map(({ name, shape }) => `${name} [${shape.join(',')}]`)).toEqual([
      'discriminator.2.running_mean [4]',
      'discriminator.2.running_variance [4]',
      'discriminator.1.spectral_u [4]',
      'discriminator.3.spectral_u [1]',
    ]);
    expect(gradientLayout(normalised, SAMPLE_SIZE, ['discriminator']).slices.map(({ name }) => name)).not.toContain(
      'discriminator.1.spectral_u',
    );
  });

  it('has no gap and no overlap', () => {
    expect(contiguous(layout)).toBe(stateLength(config, SAMPLE_SIZE));
  });

  it('has weights alone for plain descent without an average', () => {
    expect(stateLayout(tinyConfig(), SAMPLE_SIZE).every(({ name }) => !name.includes('/'))).toBe(true);
  });
});

describe('gradientLayout', () => {
  it('has a sixth statistic where there is a penalty', () => {
    const penalised = { ...config, objective: { ...config.objective, penalty: { r1: 1, interval: 1 } } };
    const { statisticsOffset, stopOffset } = gradientLayout(penalised, SAMPLE_SIZE, ['discriminator']);
    expect(stopOffset).toBe(statisticsOffset + 6);
  });

  it.each([[['generator']], [['discriminator']], [['discriminator', 'generator']]] as const)(
    'holds %j in that order, then five statistics and the stop flag',
    (updates) => {
      const layout = gradientLayout(config, SAMPLE_SIZE, updates);
      expect(contiguous(layout.slices)).toBe(layout.statisticsOffset);
      expect(layout.stopOffset).toBe(layout.statisticsOffset + 5);
      expect(layout.length).toBe(layout.stopOffset + 1);
      const networks = layout.slices.map(({ name }) => name.split('.')[0]);
      expect([...new Set(networks)]).toEqual(updates);
    },
  );
});

function contiguous(layout: readonly TensorSpec[]): number {
  let offset = 0;
  for (const spec of layout) {
    expect(spec.offset).toBe(offset);
    expect(spec.length).toBe(spec.shape.reduce((product, size) => product * size, 1));
    offset += spec.length;
  }
  return offset;
}
