/** Runs as the journal left them, when the coordinator starts. */
import type { Logger } from 'pino';
import { completeRunConfig } from '../config/resolve.ts';
import { waitsOf } from '../control/failureDetection.ts';
import { fingerprintOf } from '../data/fingerprint.ts';
import { describeError } from '../errors/ganglionError.ts';
import { toldIllness } from '../illness/told.ts';
import { newestCheckpoint, type RunRecord } from './core/state.ts';
import { recordOf } from './evaluationRecord.ts';
import { fromJournal, type JournalRecord } from './journalRecord.ts';
import type { RunStorage, RunStore } from './storage.ts';

export interface RestoredRun {
  readonly run: RunRecord;
  readonly store: RunStore;
  /** When its newest checkpoint became durable. */
  readonly checkpointAtMs: number;
}

export interface RestoreParts {
  readonly storage: RunStorage;
  readonly failureDetectionMs: number;
  readonly nowMs: number;
  readonly log: Logger;
}

/** A run whose folder cannot be opened is told of, and left out. */
export async function restoreRuns(records: readonly JournalRecord[], parts: RestoreParts): Promise<RestoredRun[]> {
  const { storage, failureDetectionMs, nowMs, log } = parts;
  const newest = new Map(records.map((record) => [record.runId, record]));
  const restored: RestoredRun[] = [];
  for (const record of newest.values()) {
    try {
      // Where it is now: a data folder may have been moved since.
      const folder = storage.folderOf(record.runId);
      const store = await storage.open(record.runId, folder, completeRunConfig(record.config));
      const { valid, broken } = await store.checkpoints.inspect();
      for (const why of broken) log.warn(why);
      const whole = valid.map(({ phase, weightsSha256 }) => ({ phase, weightsSha256 }));
      if (whole.length === 0) throw new Error(`no checkpoint of ${record.runId} verifies`);
      // A run that went back to an older checkpoint has newer ones on disk, which the journal left out.
      const known = new Set(record.checkpoints.map(({ phase }) => phase));
      const checkpoints = whole.filter(({ phase }) => known.has(phase));
      const at = { nowMs, returnMs: waitsOf(failureDetectionMs).returnMs };
      const run = fromJournal({ ...record, folder }, checkpoints.length > 0 ? checkpoints : whole, at);
      const { lines, broken: unread } = await store.evaluations();
      if (unread > 0) log.warn(`${unread} line(s) of ${record.runId}'s metrics-evaluation.jsonl cannot be read`);
      const illness = toldIllness(run.config, await store.history.told());
      const { phase } = newestCheckpoint(run);
      const checkpointAtMs = valid.find((manifest) => manifest.phase === phase)?.savedAtMs ?? nowMs;
      const evaluated = recordOf(run.config, lines, whole);
      const dataSha256 = run.config.evaluation ? fingerprintOf(store.dataset) : '';
      restored.push({ run: { ...run, illness, evaluated, dataSha256 }, store, checkpointAtMs });
    } catch (error) {
      log.error({ err: error }, `run ${record.runId} cannot be taken up again: ${describeError(error)}`);
    }
  }
  return restored;
}
