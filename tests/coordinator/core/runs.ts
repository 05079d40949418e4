/** A device, and small run configs. */
import { completeRunConfig } from '../../../services/config/resolve.ts';
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../../../services/config/runConfig.ts';
import type { Device } from '../../../services/report/runView.ts';

export interface RunOptions {
  readonly workers?: RunConfigInput['workers'];
  readonly shards?: number;
  readonly phases?: number;
  readonly backend?: RunConfig['backend']['require'];
  readonly road?: RunConfig['collective']['road'];
  readonly compile?: RunConfig['compile'];
  readonly onNonFinite?: RunConfig['onNonFinite'];
  readonly alarms?: RunConfigInput['alarms'];
  readonly evaluation?: RunConfigInput['evaluation'];
}

export const DEVICE: Device = {
  backend: 'tensorflow',
  backendVersion: '2.21.0',
  deviceClass: 'tensorflow/2.21.0/x64-avx512',
  intraOpThreads: 1,
  cores: 2,
  memoryBytes: 2 ** 33,
  runtime: 'v20.20.2',
};

export function runConfig({
  workers = 1,
  shards,
  phases = 100,
  backend = 'any',
  road,
  compile,
  onNonFinite,
  alarms,
  evaluation,
}: RunOptions): RunConfig {
  const optimizer = { type: 'sgd', learningRate: 0.1 } as const;
  const parsed = runConfigSchema.parse({
    workers,
    shards,
    phases,
    batchSize: 20,
    generator: { layers: [{ type: 'dense', units: 4 }] },
    discriminator: { layers: [{ type: 'dense', units: 1 }] },
    optimizer: { generator: optimizer, discriminator: optimizer },
    collective: { road },
    compile,
    onNonFinite,
    alarms,
    evaluation,
    backend: { require: backend },
  });
  return completeRunConfig(parsed);
}
