/** What a run says when an alarm is raised: its rule, shown what it looks for until it does. */
import { describeAlarm } from '../../cli/alarmText.ts';
import { loadPreset } from '../../config/presets.ts';
import { resolveRunConfig } from '../../config/resolve.ts';
import type { Observation } from '../../illness/rule.ts';
import { HEALTHY, watch } from '../../illness/watch.ts';
import type { AlarmName } from '../../report/alarms.ts';
import type { Statistics } from '../../report/statistics.ts';

const PRESET = 'mnist-quick';
const REPORT_EVERY_PHASES = 10;
const OBSERVATIONS_MAX = 1_000;

const report = (statistics: Statistics) => (phase: number) => ({ kind: 'report', phase, statistics }) as const;

/** What is seen after so many phases. */
const SEEN: Readonly<Record<AlarmName, (phase: number) => Observation>> = {
  nonFinite: (phase) => {
    const sentence = `Phase ${phase} gave a gradient of discriminator.2.weight that is not finite, from shard 1 on two`;
    return { kind: 'nonFinite', phase: phase + 1, sentence };
  },
  lossDivergence: report({ value: -81.4, generatorLoss: 3.2 }),
  discriminatorSaturation: report({ value: -0.0041, dReal: 0.998, dFake: 0.0021 }),
  generatorGradient: (phase) => report({ generatorGradientNorm: phase < 300 ? 1.7 : 0.0031 })(phase),
  modeCollapse: (phase) => {
    return { kind: 'pictures', phase, samples: 100 * phase, spread: { diversity: 0.113, coverage: 0.031, count: 96 } };
  },
  emaGap: report({ emaGap: 0.62 }),
};

/** As `ganglion runs watch` and `runs get` print it. */
export function alarmExample(name: AlarmName): string {
  const config = resolveRunConfig(loadPreset(PRESET), PRESET);
  let state = HEALTHY;
  for (let count = 1; count <= OBSERVATIONS_MAX; count++) {
    const { state: after, changes } = watch(config, state, SEEN[name](count * REPORT_EVERY_PHASES));
    const [change] = changes;
    if (change) return describeAlarm(change);
    state = after;
  }
  throw new Error(`The example of ${name} raises no alarm.`);
}
