/** What the journal keeps of a run: enough to list it, and to go on from its newest checkpoint. */
import { z } from 'zod';
import { type RunConfig, runConfigSchema } from '../config/runConfig.ts';
import { isFinal, RUN_STATES } from '../report/runEvent.ts';
import type { RunRecord } from './core/state.ts';

export const journalRecordSchema = z.object({
  runId: z.string(),
  config: runConfigSchema,
  datasetSize: z.number(),
  sampleBytes: z.number(),
  totalPhases: z.number(),
  folder: z.string(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  state: z.enum(RUN_STATES),
  why: z.string(),
  generation: z.number(),
  phase: z.number(),
  checkpoints: z.array(z.object({ phase: z.number(), weightsSha256: z.string() })),
});
export type JournalRecord = z.output<typeof journalRecordSchema>;

export function toJournal(run: Readonly<RunRecord>): JournalRecord {
  const { runId, config, datasetSize, sampleBytes, totalPhases, folder, createdAtMs, updatedAtMs } = run;
  const { state, why, generation, phase, checkpoints } = run;
  return {
    ...{ runId, config, datasetSize, sampleBytes, totalPhases, folder, createdAtMs, updatedAtMs },
    ...{ state, why, generation, phase, checkpoints: [...checkpoints] },
  };
}

/**
 * A run as it is after the coordinator was started again: what was in flight is queued and goes on from the newest
 * checkpoint; what rested rests.
 */
export function fromJournal(record: JournalRecord, checkpoints: RunRecord['checkpoints']): RunRecord {
  const rests = isFinal(record.state) || record.state === 'paused';
  const pausing = record.state === 'pausing';
  const { phase } = checkpoints.at(-1) ?? { phase: 0 };
  return {
    ...record,
    config: record.config as RunConfig,
    checkpoints,
    state: rests ? record.state : pausing ? 'paused' : 'queued',
    why: rests ? record.why : `The coordinator was started again; phase ${phase} is on disk.`,
    phase,
    stage: 'idle',
    intent: 'train',
    members: [],
    answers: new Map(),
    reports: new Map(),
    statistics: {},
    lastReport: undefined,
    finished: new Map(),
  };
}
