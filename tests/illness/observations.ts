/** Configs and observations for the tests of this room. */
import { completeRunConfig } from '../../services/config/resolve.ts';
import { type RunConfig, type RunConfigInput, runConfigSchema } from '../../services/config/runConfig.ts';
import type { Observation } from '../../services/illness/rule.ts';
import { type AlarmChange, HEALTHY, type IllnessState, watch } from '../../services/illness/watch.ts';
import type { Statistics } from '../../services/report/statistics.ts';

export function alarmConfig(
  alarms: RunConfigInput['alarms'] = {},
  objective: RunConfigInput['objective'] = {},
): RunConfig {
  const optimizer = { type: 'sgd', learningRate: 0.1 } as const;
  const parsed = runConfigSchema.parse({
    phases: 10,
    generator: { layers: [{ type: 'dense', units: 4 }] },
    discriminator: { layers: [{ type: 'dense', units: 1 }] },
    optimizer: { generator: optimizer, discriminator: optimizer },
    alarms,
    objective,
  });
  return completeRunConfig(parsed);
}

/** As a healthy run of the log loss reports. */
export const WELL: Statistics = {
  discriminatorLoss: 1,
  generatorLoss: 1.5,
  value: -1,
  dReal: 0.7,
  dFake: 0.3,
  discriminatorGradientNorm: 1.2,
  generatorGradientNorm: 1.4,
  emaGap: 0.3,
};

export const report = (phase: number, statistics: Statistics = {}): Observation => ({
  kind: 'report',
  phase,
  statistics: { ...WELL, ...statistics },
});

export const pictures = (phase: number, diversity: number, coverage: number, samples = 60_000): Observation => ({
  kind: 'pictures',
  phase,
  samples,
  spread: { diversity, coverage, count: 64 },
});

/** All changes of a stream, with the state after it. */
export function watchAll(config: RunConfig, stream: readonly Observation[], before: IllnessState = HEALTHY) {
  const changes: AlarmChange[] = [];
  let state = before;
  for (const seen of stream) {
    const now = watch(config, state, seen);
    state = now.state;
    changes.push(...now.changes);
  }
  return { state, changes };
}

/** `+name@phase` where it is raised, `-name@phase` where it is over. */
export function told(changes: readonly AlarmChange[]): string[] {
  return changes.map(({ name, active, phase }) => `${active ? '+' : '-'}${name}@${phase}`);
}
