/** What a rule is: it reads one kind of observation, and says how far what it sees is from its thresholds. */
import type { RunConfig } from '../config/runConfig.ts';
import type { AlarmName } from '../report/alarms.ts';
import type { Statistics } from '../report/statistics.ts';
import type { Spread } from './spread.ts';

/** What is seen of a run, after so many committed phases. */
export type Observation =
  | { readonly kind: 'report'; readonly phase: number; readonly statistics: Statistics }
  /** After so many real samples. */
  | { readonly kind: 'pictures'; readonly phase: number; readonly samples: number; readonly spread: Spread }
  /** `sentence` says which gradient, and from where. */
  | { readonly kind: 'nonFinite'; readonly phase: number; readonly sentence: string };

/** One quantity, and the thresholds on its way from well to sick. */
export interface Reading {
  /** With its value, as the beginning of a sentence. */
  readonly what: string;
  readonly value: number;
  readonly raise: number;
  readonly clear: number;
  /** The side on which it is sick. */
  readonly sickIf: 'above' | 'below';
  /** It is there or not: its value and thresholds tell people nothing. */
  readonly isFlag?: boolean;
}

export interface Findings {
  /** Sick where one of them is, well where all are. */
  readonly readings: readonly [Reading, ...Reading[]];
  readonly raiseAfter: number;
  readonly clearAfter: number;
  /** For the next observation. */
  readonly memory?: RuleMemory;
}

/** The natural logarithm of the level that a quantity has now, smoothed, and of the highest that it had. */
export interface RuleMemory {
  readonly level: number;
  readonly peak: number;
}

export type Alarms = Exclude<RunConfig['alarms'], 'off'>;

export interface Rule {
  readonly name: AlarmName;
  /** What people usually do about it. */
  readonly advice: string;
  /** Undefined where the observation says nothing about it, or the rule is off. */
  look(seen: Observation, alarms: Alarms, config: RunConfig, memory: RuleMemory | undefined): Findings | undefined;
  /** What is remembered where only the threshold of a raised alarm is known: after a restart. */
  recall?(threshold: number, alarms: Alarms): RuleMemory | undefined;
}

/** `0.42 %` */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** Three digits that count. */
export function figure(value: number | undefined): string {
  return value === undefined ? '–' : String(Number(value.toPrecision(3)));
}
