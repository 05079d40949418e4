/** Names of the alarms of a sick run: the fields of `alarms` in a run config. */
export const ALARM_NAMES = [
  'discriminatorSaturation',
  'generatorGradient',
  'lossDivergence',
  'modeCollapse',
  'emaGap',
  'nonFinite',
] as const;
export type AlarmName = (typeof ALARM_NAMES)[number];

/** An alarm of a run that is raised. */
export interface Alarm {
  /** One of `ALARM_NAMES`, or of a newer coordinator's. */
  readonly name: string;
  /** Committed phases when it was seen. */
  readonly phase: number;
  readonly value: number;
  /** The value at which it is raised. */
  readonly threshold: number;
  /** What was seen, in a sentence. */
  readonly message: string;
  /** What people usually do about it. */
  readonly advice: string;
}
