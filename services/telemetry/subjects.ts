/** Where a run's events go on NATS, and what they look like there. */
import { z } from 'zod';
import { invariant } from '../errors/invariant.ts';
import { type RunEvent, runEventSchema } from '../report/runEvent.ts';

/** `ganglion.v1.runs.<runId>.{state,phase,snapshot,membership}` */
export function subjectOf(event: Pick<RunEvent, 'runId' | 'kind'>): string {
  invariant(/^[a-z0-9-]+$/.test(event.runId), `run id '${event.runId}' is one subject token`);
  return `ganglion.v1.runs.${event.runId}.${event.kind}`;
}

/** JetStream drops a repeat with the same id within its duplicate window; other readers can do the same. */
export function messageId(event: Pick<RunEvent, 'runId' | 'sequence'>): string {
  return `${event.runId}:${event.sequence}`;
}

/** The JSON Schema of every message. */
export function messageSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(runEventSchema), title: 'Ganglion run event' };
}
