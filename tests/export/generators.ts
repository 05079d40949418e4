/** Gs whose layers are, together, every kind that a config knows in G; and those of the presets, smaller where they are large. */
import type { RunConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { mnistRun } from '../sampling/runs.ts';

type Layers = RunConfigInput['generator']['layers'];

const gan = (layers: Layers, input: Partial<RunConfigInput> = {}): RunConfig =>
  mnistRun({ generator: { layers }, ...input });

/** As those of mnist-dcgan and cifar10-dcgan: dense, reshape, batch norm of an image, transposed convolutions. */
const dcgan = gan([
  { type: 'dense', units: 392 },
  { type: 'reshape', shape: [7, 7, 8] },
  { type: 'batch-norm', activation: 'relu' },
  { type: 'conv-transpose', filters: 4, kernel: 4, stride: 2 },
  { type: 'batch-norm', activation: 'leaky-relu' },
  { type: 'conv-transpose', filters: 1, kernel: 4, stride: 2, activation: 'sigmoid' },
]);

/** As that of cifar10-paper-conv: no padding, a bias for each value. */
const untied = gan([
  { type: 'dense', units: 81, activation: 'sigmoid' },
  { type: 'reshape', shape: [9, 9, 1] },
  { type: 'conv-transpose', filters: 1, kernel: 4, stride: 3, padding: 'valid', untiedBias: true },
]);

/** As that of conditional-mnist. */
const conditional = gan(
  [
    { type: 'class-embedding', classes: 10, size: 4 },
    { type: 'dense', units: 16, activation: 'relu' },
    { type: 'batch-norm', activation: 'tanh' },
    { type: 'dense', units: 784, activation: 'sigmoid' },
  ],
  { data: { count: 100, labels: true }, discriminator: { layers: [{ type: 'class-projection', classes: 10 }] } },
);

/** What no preset's G has: pieces, pooling, padding in numbers, spectral normalisation, filters that leave gaps. */
const others = gan([
  { type: 'maxout', units: 50, pieces: 3 },
  { type: 'dropout', keep: 0.5 },
  { type: 'dense', units: 98, activation: 'softplus', spectralNorm: true },
  { type: 'reshape', shape: [7, 7, 2] },
  { type: 'upsample', factor: 2 },
  { type: 'conv', filters: 3, kernel: 3, padding: 1, activation: 'elu', spectralNorm: true },
  { type: 'maxout-conv', filters: 2, kernel: 4, pieces: 2, untiedBias: true },
  { type: 'conv-transpose', filters: 3, kernel: 2, stride: 3, padding: 'valid' },
  { type: 'conv', filters: 2, kernel: 3, stride: 2, padding: 'same', activation: 'tanh' },
  { type: 'pool', kind: 'average', size: 3, stride: 1, padding: 'same' },
  { type: 'pool', kind: 'max', size: 2, stride: 1, padding: 'same' },
  { type: 'conv-transpose', filters: 2, kernel: 5, stride: 2, padding: 2 },
  { type: 'dense', units: 784 },
]);

export const GENERATORS: Readonly<Record<string, RunConfig>> = { dcgan, untied, conditional, others };

/** A LayersModel has no words for it. */
export const OVERHANGING = gan([
  { type: 'dense', units: 98 },
  { type: 'reshape', shape: [7, 7, 2] },
  { type: 'pool', size: 2, padding: 'partial' },
  { type: 'pool', kind: 'average', size: 3, stride: 2, padding: 1 },
  { type: 'conv-transpose', filters: 2, kernel: 1, stride: 3 },
  { type: 'dense', units: 784, activation: 'sigmoid' },
]);
