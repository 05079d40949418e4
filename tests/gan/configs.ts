/** Tiny run configs for these tests. */
import { completeRunConfig } from '../../services/config/resolve.ts';
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../../services/config/runConfig.ts';

import { rowFormat, writeLabel } from '../../services/data/rowFormat.ts';

export const SAMPLE_SIZE = 6;
export const DATASET_SIZE = 23;

type Layers = RunConfigInput['generator']['layers'];

export const SIGMOID_GENERATOR: Layers = [
  { type: 'dense', units: 5, activation: 'relu' },
  { type: 'dense', units: SAMPLE_SIZE, activation: 'sigmoid' },
];
export const RELU_DISCRIMINATOR: Layers = [
  { type: 'dense', units: 4, activation: 'relu' },
  { type: 'dense', units: 1 },
];

/** A valid config: what `input` leaves out is small and plain. */
export function tinyConfig(input: Partial<RunConfigInput> = {}, shards = 1): RunConfig {
  const parsed = runConfigSchema.parse({
    seed: 5,
    latent: { size: 3 },
    generator: { layers: SIGMOID_GENERATOR },
    discriminator: { layers: RELU_DISCRIMINATOR },
    optimizer: {
      generator: { type: 'sgd', learningRate: 0.1 },
      discriminator: { type: 'sgd', learningRate: 0.1 },
    },
    batchSize: 8,
    phases: 100,
    ...input,
  });
  return completeRunConfig({ ...parsed, shards });
}

/** Bytes of `count` samples; the same for the same arguments. */
export function someSamples(count: number, salt = 0): Uint8Array {
  return Uint8Array.from({ length: count * SAMPLE_SIZE }, (_, index) => (index * 97 + salt * 41 + 13) % 256);
}

/** The same as rows, with classes 0, 1, 2, 0, … where labels travel. */
export function someRows(config: RunConfig, count: number, salt = 0): Uint8Array {
  const format = rowFormat(config.data, SAMPLE_SIZE);
  const [samples, rows] = [someSamples(count, salt), new Uint8Array(count * format.rowBytes)];
  for (let row = 0; row < count; row += 1) {
    rows.set(samples.subarray(row * SAMPLE_SIZE, (row + 1) * SAMPLE_SIZE), row * format.rowBytes);
    if (format.hasLabel) writeLabel(format, (row + salt) % 3, rows, row * format.rowBytes);
  }
  return rows;
}
