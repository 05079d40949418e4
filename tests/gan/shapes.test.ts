/** Proves the shapes between layers on networks whose shapes are published or known, and what weights follow from them. */
import { describe, expect, it } from 'vitest';
import type { RunConfigInput } from '../../services/config/runConfig.ts';
import { stateLayout } from '../../services/gan/layout.ts';
import { resolveLayers } from '../../services/gan/shapes.ts';
import { tinyConfig } from './configs.ts';

type Layers = RunConfigInput['discriminator']['layers'];

/** The authors' convolutional networks for CIFAR-10 (goodfeli/adversarial, cifar10_convolutional.yaml). */
const CIFAR_GENERATOR: Layers = [
  { type: 'dense', units: 8000, activation: 'relu' },
  { type: 'dense', units: 8000, activation: 'sigmoid' },
  { type: 'reshape', shape: [10, 10, 80] },
  { type: 'conv-transpose', filters: 3, kernel: 5, stride: 3, padding: 'valid', untiedBias: true },
];
const CIFAR_DISCRIMINATOR: Layers = [
  { type: 'reshape', shape: [32, 32, 3] },
  { type: 'maxout-conv', filters: 32, pieces: 2, kernel: 8, padding: 4 },
  { type: 'pool', size: 4, stride: 2, padding: 'partial' },
  { type: 'maxout-conv', filters: 32, pieces: 2, kernel: 8, padding: 3 },
  { type: 'pool', size: 4, stride: 2, padding: 'partial' },
  { type: 'maxout-conv', filters: 192, pieces: 2, kernel: 5, padding: 3 },
  { type: 'pool', size: 2, padding: 'partial' },
  { type: 'maxout', units: 500, pieces: 5 },
  { type: 'dense', units: 1 },
];

const config = tinyConfig({
  latent: { size: 100 },
  generator: { layers: CIFAR_GENERATOR },
  discriminator: { layers: CIFAR_DISCRIMINATOR },
});
const SAMPLE_SIZE = 3072;

describe("the authors' networks for CIFAR-10", () => {
  it('have their shapes', () => {
    const shapes = (network: 'generator' | 'discriminator') =>
      resolveLayers(config, network, SAMPLE_SIZE).map(({ outputShape }) => outputShape.join('×'));
    expect(shapes('generator')).toEqual(['8000', '8000', '10×10×80', '32×32×3']);
    expect(shapes('discriminator')).toEqual([
      ...['32×32×3', '33×33×32', '16×16×32', '15×15×32', '7×7×32', '9×9×192', '5×5×192', '500', '1'],
    ]);
  });

  it('have a bias for each channel and piece, or for each value', () => {
    const shape = (name: string) => stateLayout(config, SAMPLE_SIZE).find((spec) => spec.name === name)?.shape;
    expect(shape('generator.3.weight')).toEqual([5, 5, 3, 80]);
    expect(shape('generator.3.bias')).toEqual([3072]);
    expect(shape('discriminator.5.weight')).toEqual([5, 5, 32, 384]);
    expect(shape('discriminator.5.bias')).toEqual([384]);
  });
});

describe('pooling', () => {
  it.each([
    ['valid', 7, 3, 2, 3],
    ['same', 7, 3, 2, 4],
    ['partial', 7, 3, 2, 3],
    ['partial', 8, 3, 2, 4],
    // What would begin outside of the image is none, as in PyTorch's ceil_mode.
    ['partial', 5, 2, 4, 2],
    ['partial', 4, 2, 4, 1],
    ['partial', 2, 3, 3, 1],
    [1, 7, 3, 2, 4],
    [0, 8, 2, 2, 4],
  ] as const)('with padding %s of %i values, size %i, stride %i gives %i', (padding, length, size, stride, count) => {
    const layers: Layers = [
      { type: 'reshape', shape: [length, length, 2] },
      { type: 'pool', size, stride, padding },
      { type: 'dense', units: 1 },
    ];
    const [, pool] = resolveLayers(tinyConfig({ discriminator: { layers } }), 'discriminator', length * length * 2);
    expect(pool?.outputShape).toEqual([count, count, 2]);
  });
});
