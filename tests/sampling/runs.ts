/** Run folders made by hand, with checkpoints of weights that have moved. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointStore } from '../../services/checkpoint/store.ts';
import { configSha256 } from '../../services/config/configHash.ts';
import { resolveRunConfig, toYaml } from '../../services/config/resolve.ts';
import type { RunConfig, RunConfigInput } from '../../services/config/runConfig.ts';
import { initialState } from '../../services/gan/initialState.ts';
import { gradientLayout, NETWORKS, stateLayout } from '../../services/gan/layout.ts';

const SGD = { type: 'sgd', learningRate: 0.1 } as const;

/** A small run on MNIST with batch norm in G, dropout in D and a moving average. */
export function mnistRun(input: Partial<RunConfigInput> = {}): RunConfig {
  const settings: RunConfigInput = {
    name: 'small',
    latent: { size: 3 },
    data: { count: 100 },
    generator: {
      layers: [
        { type: 'dense', units: 8, activation: 'linear' },
        { type: 'batch-norm', activation: 'relu' },
        { type: 'dense', units: 784, activation: 'sigmoid' },
      ],
    },
    discriminator: {
      layers: [
        { type: 'dropout', keep: 0.5 },
        { type: 'dense', units: 1 },
      ],
    },
    optimizer: { generator: SGD, discriminator: SGD },
    ema: { halfLifeSamples: 100 },
    phases: 100,
    ...input,
  };
  return resolveRunConfig(settings, 'test');
}

/** A run in one dimension. */
export function lineRun(): RunConfig {
  return mnistRun({
    name: 'line',
    data: { dataset: 'mixture', means: [-1, 1], deviations: 0.3, normalize: 'none' },
    latent: { size: 1 },
    generator: { layers: [{ type: 'dense', units: 1 }] },
    discriminator: { layers: [{ type: 'dense', units: 1 }] },
  });
}

/** Every tensor, the averages and the running statistics too, moved away from where it began, each phase further. */
export function movedState(config: RunConfig, sampleSize: number, phase: number): Float32Array {
  const state = initialState(config, sampleSize);
  for (let i = 0; i < state.length; i += 1) state[i] = (state[i] as number) + (0.1 + phase / 100) * (Math.sin(i) + 1);
  return state;
}

export async function writeRun(
  folder: string,
  config: RunConfig,
  { sampleSize = 784, phases }: { sampleSize?: number; phases: readonly number[] },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'config.yaml'), toYaml(config));
  const tensors = stateLayout(config, sampleSize);
  const store = await CheckpointStore.open(folder, {
    runId: `${config.name}-1`,
    tensors,
    weightValues: gradientLayout(config, sampleSize, NETWORKS).statisticsOffset,
    keep: 100,
    configSha256: configSha256(config),
  });
  for (const phase of phases) {
    await store.save(phase, 100, new Uint8Array(movedState(config, sampleSize, phase).buffer));
  }
}
