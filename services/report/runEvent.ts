/** What happens to a run, as it is told on NATS, in `runs watch`, and in the run folder. */
import { z } from 'zod';
import { ALARM_NAMES } from './alarms.ts';
import { EVALUATED, measuredSchema } from './evaluation.ts';
import { statisticsSchema, timingsSchema } from './statistics.ts';

export const RUN_STATES = [
  'queued',
  'starting',
  'running',
  'waiting',
  'pausing',
  'paused',
  'completed',
  'failed',
  'cancelled',
] as const;
export type RunState = (typeof RUN_STATES)[number];

/** States that a run never leaves by itself. */
export function isFinal(state: RunState): boolean {
  return state === 'completed' || state === 'failed' || state === 'cancelled';
}

const count = z.number().int().min(0);

const head = {
  schema: z.literal('ganglion.v1'),
  runId: z.string(),
  sequence: count.describe('Position in the run’s history; a gap means dropped phase events.'),
  timeMs: count.describe('Milliseconds since 1970.'),
};

export const stateEventSchema = z.strictObject({
  ...head,
  kind: z.literal('state'),
  state: z.enum(RUN_STATES),
  why: z.string().describe('The sentence that explains the state.'),
  phase: count.describe('Committed phases.'),
  totalPhases: count,
  weightsSha256: z.string().describe('Hex, where a checkpoint goes with the state; else empty.'),
});

export const phaseEventSchema = z.strictObject({
  ...head,
  kind: z.literal('phase'),
  phase: count.describe('The phase, counted from 0.'),
  totalPhases: count,
  epoch: count.describe('Pass over the data, counted from 0.'),
  statistics: statisticsSchema,
  timings: timingsSchema,
  samples: count.describe('Real samples used since the run began.'),
  samplesPerSecond: z.number(),
  phasesPerSecond: z.number(),
});

export const snapshotEventSchema = z.strictObject({
  ...head,
  kind: z.literal('snapshot'),
  phase: count.describe('Committed phases.'),
  artifact: z.string().describe('File name in the run folder.'),
});

export const membershipEventSchema = z.strictObject({
  ...head,
  kind: z.literal('membership'),
  generation: count,
  phase: count.describe('Committed phases.'),
  members: z.array(z.strictObject({ workerId: z.string(), rank: count, shards: z.array(count) })),
  why: z.string().describe('The sentence that explains the change.'),
});

export const alarmEventSchema = z.strictObject({
  ...head,
  kind: z.literal('alarm'),
  name: z.string().describe(`Of the alarm: ${ALARM_NAMES.join(', ')}.`),
  active: z.boolean().describe('True where it is raised, false where it is over.'),
  phase: count.describe('Committed phases when it was seen.'),
  value: z.number().describe('What was measured.'),
  threshold: z.number().describe('What it is beyond, or within again.'),
  message: z.string().describe('What was seen, in a sentence.'),
  advice: z.string().describe('What people usually do about it.'),
});

export const evaluationEventSchema = z.strictObject({
  ...head,
  kind: z.literal('evaluation'),
  phase: count.describe('Committed phases of the checkpoint.'),
  of: z.enum(EVALUATED).describe('G’s moving average, or its weights as they were trained.'),
  measures: z.array(measuredSchema).describe('Empty where the evaluation failed.'),
  why: z.string().describe('The sentence that tells what was found, or why nothing was.'),
});

export const runEventSchema = z.discriminatedUnion('kind', [
  stateEventSchema,
  phaseEventSchema,
  snapshotEventSchema,
  membershipEventSchema,
  alarmEventSchema,
  evaluationEventSchema,
]);

export type RunEvent = z.output<typeof runEventSchema>;
export type RunEventKind = RunEvent['kind'];
export type StateEvent = z.output<typeof stateEventSchema>;
export type PhaseEvent = z.output<typeof phaseEventSchema>;
export type AlarmEvent = z.output<typeof alarmEventSchema>;
export type EvaluationEvent = z.output<typeof evaluationEventSchema>;
export type Member = z.output<typeof membershipEventSchema>['members'][number];
