/** Where a run's events go on NATS, and by what name a repeat is known. */
import { invariant } from '../errors/invariant.ts';
import type { RunEvent } from '../report/runEvent.ts';

/** NATS allows 255 characters in a subject: 17 before the run's id and 11 after it (`.membership`) leave 227. */
const RUN_ID_LENGTH_MAX = 200;

/**
 * `ganglion.v1.runs.<runId>.{state,phase,snapshot,membership,alarm,evaluation}`. The run's id is one token: it has no `.`, `*`, `>` or
 * white space, which would let a run speak for another.
 */
export function subjectOf(event: Pick<RunEvent, 'runId' | 'kind'>): string {
  const { runId, kind } = event;
  invariant(isRunToken(runId), `run id ${JSON.stringify(runId)} is one subject token`);
  return `ganglion.v1.runs.${runId}.${kind}`;
}

/** What is one token. */
export const RUN_TOKEN = `letters, digits, - and _, at most ${RUN_ID_LENGTH_MAX}`;

/** Whether it is RUN_TOKEN. */
export function isRunToken(runId: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(runId) && runId.length <= RUN_ID_LENGTH_MAX;
}

/** JetStream drops a repeat with the same id within its duplicate window; other readers can do the same. */
export function messageId(event: Pick<RunEvent, 'runId' | 'sequence'>): string {
  return `${event.runId}:${event.sequence}`;
}
