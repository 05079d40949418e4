/** Run configs of which only the plan matters. */
import { completeRunConfig } from '../../services/config/resolve.ts';
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../../services/config/runConfig.ts';

type PlanInput = Pick<RunConfigInput, 'batchSize' | 'schedule' | 'epochs' | 'phases' | 'objective'>;

const optimizer = { type: 'sgd', learningRate: 0.1 } as const;

export function planConfig(input: PlanInput): RunConfig {
  const parsed = runConfigSchema.parse({
    ...input,
    generator: { layers: [{ type: 'dense', units: 1 }] },
    discriminator: { layers: [{ type: 'dense', units: 1 }] },
    optimizer: { generator: optimizer, discriminator: optimizer },
  });
  return completeRunConfig(parsed);
}

export function alternating(discriminatorSteps: number): PlanInput['schedule'] {
  return { type: 'alternating', discriminatorSteps };
}

export const SIMULTANEOUS = { type: 'simultaneous' } as const;
