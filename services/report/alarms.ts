/** Alarms of a sick run. */
import { z } from 'zod';

/** Their names: the fields of `alarms` in a run config. */
export const ALARM_NAMES = [
  'discriminatorSaturation',
  'generatorGradient',
  'lossDivergence',
  'modeCollapse',
  'emaGap',
  'nonFinite',
] as const;
export type AlarmName = (typeof ALARM_NAMES)[number];

/** One that is raised. */
export const alarmSchema = z
  .strictObject({
    name: z.string().describe(`${ALARM_NAMES.join(', ')}, or one that a newer coordinator knows.`),
    phase: z.int().min(0).describe('Committed phases when it was seen.'),
    value: z.number().describe('What was measured.'),
    threshold: z.number().describe('The value at which it is raised.'),
    message: z.string().describe('What was seen, in a sentence.'),
    advice: z.string().describe('What people usually do about it.'),
  })
  .readonly();
export type Alarm = z.output<typeof alarmSchema>;
