/** A run event as one line of JSON: in the run folder and on NATS alike. */
import { invariant } from '../errors/invariant.ts';
import { type RunEvent, runEventSchema } from '../report/runEvent.ts';

/**
 * JSON has no NaN and no infinity (JSON.stringify would write null, which no reader of the schema takes). A statistic
 * that is not finite is left out, as one that the phase does not have; `omitted` names it, for the log.
 */
export function encodeEvent(event: RunEvent): { json: string; omitted: readonly string[] } {
  const omitted =
    event.kind === 'phase'
      ? Object.entries(event.statistics).filter(([, value]) => value !== undefined && !Number.isFinite(value))
      : [];
  const finite = omitted.length === 0 ? event : withoutStatistics(event, new Set(omitted.map(([name]) => name)));
  const checked = runEventSchema.safeParse(finite);
  const issue = checked.error?.issues[0];
  invariant(checked.success, `a ${event.kind} event fits its schema: ${issue?.path.join('.')}: ${issue?.message}`);
  return { json: JSON.stringify(finite), omitted: omitted.map(([name, value]) => `${name} = ${value}`) };
}

function withoutStatistics(event: RunEvent, names: ReadonlySet<string>): RunEvent {
  if (event.kind !== 'phase') return event;
  const kept = Object.entries(event.statistics).filter(([name]) => !names.has(name));
  return { ...event, statistics: Object.fromEntries(kept) };
}
