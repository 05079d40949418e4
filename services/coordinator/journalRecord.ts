/** What the journal keeps of a run: enough to list it, and to go on from its newest checkpoint. */
import { z } from 'zod';
import { configSha256 } from '../config/configHash.ts';
import { completeRunConfig } from '../config/resolve.ts';
import { runConfigSchema } from '../config/runConfig.ts';
import { HEALTHY } from '../illness/watch.ts';
import { NOT_EVALUATED } from '../report/evaluation.ts';
import { isFinal, RUN_STATES } from '../report/runEvent.ts';
import { AT_REST, type RunRecord } from './core/state.ts';

export const journalRecordSchema = z.object({
  runId: z.string(),
  config: runConfigSchema,
  datasetSize: z.number(),
  sampleSize: z.number(),
  totalPhases: z.number(),
  folder: z.string(),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
  state: z.enum(RUN_STATES),
  why: z.string(),
  generation: z.number(),
  phase: z.number(),
  intent: z.enum(['train', 'pause', 'cancel', 'fail']).default('train'),
  deviceClass: z.string().default(''),
  heals: z.number().default(0),
  agreedPhase: z.number().default(0),
  /** Ids of its workers: after a restart they come back with the newest state. */
  members: z.array(z.string()).default([]),
  checkpoints: z.array(z.object({ phase: z.number(), weightsSha256: z.string() })),
});
export type JournalRecord = z.output<typeof journalRecordSchema>;

export function toJournal(run: Readonly<RunRecord>): JournalRecord {
  const { runId, config, datasetSize, sampleSize, totalPhases, folder, createdAtMs, updatedAtMs } = run;
  const { state, why, generation, phase, checkpoints, intent, deviceClass, heals, agreedPhase } = run;
  const members = run.members.map(({ workerId }) => workerId);
  return {
    ...{ runId, config, datasetSize, sampleSize, totalPhases, folder, createdAtMs, updatedAtMs },
    ...{
      state,
      why,
      generation,
      phase,
      checkpoints: [...checkpoints],
      intent,
      deviceClass,
      heals,
      agreedPhase,
      members,
    },
  };
}

/**
 * A run as it is after the coordinator was started again: what was in flight is queued, waits a moment for its former
 * members, and goes on from the newest state that one of them or the disk holds; what rested rests.
 */
export function fromJournal(
  record: JournalRecord,
  checkpoints: RunRecord['checkpoints'],
  at: { readonly nowMs: number; readonly returnMs: number },
): RunRecord {
  const { members: former, ...kept } = record;
  const config = completeRunConfig(record.config);
  const state = afterRestart(record.state);
  const wasAtWork = state === 'queued' || state === 'pausing';
  const { phase } = checkpoints.at(-1) ?? { phase: 0 };
  return {
    ...kept,
    ...AT_REST,
    config,
    configSha256: configSha256(config),
    intent: state === 'pausing' ? record.intent : 'train',
    checkpoints,
    state,
    why: state === record.state ? record.why : `The coordinator was started again; phase ${phase} is on disk.`,
    phase,
    furthest: phase,
    progressAtMs: at.nowMs,
    generationAtMs: at.nowMs,
    generationPhase: 0,
    // Nobody uploads for a coordinator that ended.
    trustedSince: 0,
    road: 'direct',
    returning: wasAtWork ? former : [],
    returningUntilMs: at.nowMs + at.returnMs,
    statistics: {},
    illness: HEALTHY,
    evaluated: NOT_EVALUATED,
    dataSha256: '',
  };
}

/** A pause or a cancel that was under way goes on: the newest state is still with the workers. */
function afterRestart(state: RunRecord['state']): RunRecord['state'] {
  const stays = isFinal(state) || state === 'paused' || state === 'pausing';
  return stays ? state : 'queued';
}
