/** What a person sees of runs and workers: the coordinator's answers as plain values. */
import { z } from 'zod';
import { alarmSchema } from './alarms.ts';
import { bestCheckpointSchema, evaluationSchema } from './evaluation.ts';
import { RUN_STATES } from './runEvent.ts';
import { statisticsSchema, type Timings } from './statistics.ts';

const count = z.int().min(0);
const timeMs = count.describe('Milliseconds since 1970.');

export const runViewSchema = z
  .strictObject({
    runId: z.string().describe('Empty in the answer to a dry run.'),
    state: z.enum(RUN_STATES),
    why: z.string().describe('The sentence that explains the state.'),
    configYaml: z.string().describe('The resolved config.'),
    phase: count.describe('Committed phases.'),
    totalPhases: count,
    generation: count.describe('Counts up whenever the workers change.'),
    workerIds: z.array(z.string()).readonly().describe('By rank.'),
    workersWanted: count.describe('The most that it takes.'),
    workersNeeded: count.describe('The fewest that it trains with.'),
    createdAtMs: timeMs,
    updatedAtMs: timeMs,
    folder: z.string().describe('On the coordinator’s machine.'),
    checkpointPhases: z.array(count).readonly().describe('Oldest first.'),
    weightsSha256: z.string().describe('At the newest checkpoint, in hex; empty before the first.'),
    statistics: statisticsSchema.readonly().describe('Of the newest report.'),
    alarms: z.array(alarmSchema).readonly().describe('Those that are raised, in the order in which they were.'),
    evaluation: evaluationSchema.optional().describe('The newest; not there before the first.'),
    best: bestCheckpointSchema
      .optional()
      .describe('Not there where the config has no `evaluation.keepBest`, and before the first evaluation.'),
  })
  .readonly();
export type RunView = z.output<typeof runViewSchema>;

/** A run without the text of its config, which takes longer to write than all the rest. */
export type RunGlance = Omit<RunView, 'configYaml'>;

/** A member of a run at work. */
export interface Lane {
  readonly workerId: string;
  /** Phases applied. */
  readonly phase: number;
  readonly activity: string;
  readonly shards: readonly number[];
  /** Mean per phase of its newest report; undefined before the first. */
  readonly timings: Timings | undefined;
}

/** What a worker computes on. Workers of one run must share the device class and the thread count. */
const deviceSchema = z
  .strictObject({
    backend: z.enum(['cuda', 'tensorflow', 'wasm', 'cpu']),
    backendVersion: z.string(),
    deviceClass: z.string().describe('Workers of one run share it, and `intraOpThreads`.'),
    intraOpThreads: count,
    cores: count,
    memoryBytes: count,
    runtime: z.string().describe('Version of Node.js.'),
  })
  .readonly();
export type Device = z.output<typeof deviceSchema>;

export const workerViewSchema = z
  .strictObject({
    workerId: z.string(),
    hostname: z.string(),
    pid: count,
    device: deviceSchema,
    runId: z.string().describe('Empty where it is idle.'),
    phase: count,
    activity: z.string(),
    connectedAtMs: timeMs,
  })
  .readonly();
export type WorkerView = z.output<typeof workerViewSchema>;

/** A file of a run folder, or one that a command wrote. */
export const artifactViewSchema = z
  .strictObject({
    name: z.string().describe('Path inside the run folder, with forward slashes; of a written file where it lies.'),
    sizeBytes: count,
  })
  .readonly();
export type ArtifactView = z.output<typeof artifactViewSchema>;
