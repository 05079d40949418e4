/**
 * Watches a run for illness: state × observation → state and the alarms that are raised or cleared. Pure.
 *
 * Every phase is judged once: a run that goes back to a checkpoint computes the same phases to the same bits, and what was said
 * of them was said.
 */
import type { RunConfig } from '../config/runConfig.ts';
import type { Alarm, AlarmName } from '../report/alarms.ts';
import { advance, type Watched, WELL, worst } from './hysteresis.ts';
import { type Findings, figure, type Observation, type Rule, type RuleMemory } from './rule.ts';
import { discriminatorSaturation } from './rules/discriminatorSaturation.ts';
import { emaGap } from './rules/emaGap.ts';
import { generatorGradient } from './rules/generatorGradient.ts';
import { lossDivergence } from './rules/lossDivergence.ts';
import { modeCollapse } from './rules/modeCollapse.ts';
import { nonFinite } from './rules/nonFinite.ts';

export const RULES: readonly Rule[] = [
  nonFinite,
  lossDivergence,
  discriminatorSaturation,
  generatorGradient,
  modeCollapse,
  emaGap,
];

export interface IllnessState {
  /** Committed phases up to which each kind of observation was judged. */
  readonly judged: Readonly<Record<Observation['kind'], number>>;
  readonly rules: Readonly<Partial<Record<AlarmName, Watched & { readonly memory?: RuleMemory | undefined }>>>;
  /** Those that are raised, in the order in which they were. */
  readonly alarms: readonly Alarm[];
}

/** Before the first phase; pictures of it show what nobody has trained. */
export const HEALTHY: IllnessState = { judged: { report: 0, pictures: 0, nonFinite: 0 }, rules: {}, alarms: [] };

/** An alarm that was raised, or is over. */
export type AlarmChange = Alarm & { readonly active: boolean };

export interface Watching {
  readonly state: IllnessState;
  readonly changes: readonly AlarmChange[];
}

export function watch(config: RunConfig, before: IllnessState, seen: Observation): Watching {
  const { alarms } = config;
  if (alarms === 'off' || seen.phase <= before.judged[seen.kind]) return { state: before, changes: [] };
  const rules = { ...before.rules };
  const changes: AlarmChange[] = [];
  for (const rule of RULES) {
    const { memory, ...watched } = rules[rule.name] ?? { ...WELL, memory: undefined };
    const findings = rule.look(seen, alarms, config, memory);
    // What is not finite is one rule's business: others cannot tell its size.
    if (!findings?.readings.every(({ value }) => Number.isFinite(value))) continue;
    const now = advance(watched, findings);
    rules[rule.name] = { ...now, memory: findings.memory };
    if (now.raised !== watched.raised) changes.push(changeOf(rule, findings, now.raised, seen));
  }
  const judged = { ...before.judged, [seen.kind]: seen.phase };
  return { state: { judged, rules, alarms: withChanges(before.alarms, changes) }, changes };
}

/** What a coordinator that was started again knows: the alarms that were raised, and up to which phase all was judged. */
export function recall(config: RunConfig, alarms: readonly Alarm[], judged: IllnessState['judged']): IllnessState {
  if (config.alarms === 'off') return HEALTHY;
  const rules: { [Name in AlarmName]?: Watched & { memory: RuleMemory | undefined } } = {};
  const known = alarms.filter(({ name }) => RULES.some((rule) => rule.name === name));
  for (const { name, threshold } of known) {
    const rule = RULES.find((one) => one.name === name);
    if (rule) rules[rule.name] = { ...WELL, raised: true, memory: rule.recall?.(threshold, config.alarms) };
  }
  return { judged, rules, alarms: known };
}

export function withChanges(alarms: readonly Alarm[], changes: readonly AlarmChange[]): readonly Alarm[] {
  return changes.reduce<readonly Alarm[]>((now, { active, ...alarm }) => {
    const others = now.filter(({ name }) => name !== alarm.name);
    return active ? [...others, alarm] : others;
  }, alarms);
}

function changeOf({ name, advice }: Rule, findings: Findings, active: boolean, seen: Observation): AlarmChange {
  const { what, value, raise, clear, sickIf, isFlag } = worst(findings.readings);
  const times = active ? findings.raiseAfter : findings.clearAfter;
  const unit = seen.kind === 'pictures' ? 'snapshot' : 'report';
  const running = times === 1 ? '' : `, in ${times} ${unit}s on end`;
  const limit = isFlag ? '' : active ? `: ${sickIf} ${figure(raise)}` : `: not ${sickIf} ${figure(clear)}`;
  const message = `${what}${limit}${running}.`;
  return { name, active, phase: seen.phase, value, threshold: active ? raise : clear, message, advice };
}
