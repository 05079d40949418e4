/** A collective whose rounds are spans: from where the first part stands, and may leave, to where the sum does. */
import type { Collective, PartialSum } from '../collective/collective.ts';
import type { SpanRecorder } from '../trace/recorder.ts';

export function tracedCollective(collective: Collective, trace: SpanRecorder): Collective {
  return {
    reduce: async (phase, parts, into) => {
      if (!trace.isOn) return collective.reduce(phase, parts, into);
      const begin = firstStands(parts, trace.nowMs);
      const bytes = await collective.reduce(phase, parts, into);
      trace.span('exchange', `round ${phase}`, (await begin) ?? trace.nowMs(), trace.nowMs());
      return bytes;
    },
    plainBytes: (partCount, length) => collective.plainBytes(partCount, length),
    abort: (why) => collective.abort(why),
    ...(collective.waitingFor && { waitingFor: () => collective.waitingFor?.() }),
  };
}

/** When; now where there is no part, or one that stands. Undefined where none ever does. */
function firstStands(parts: readonly PartialSum[], nowMs: () => number): Promise<number | undefined> {
  const stands = parts.map(async ({ ready }) => {
    await ready;
    return nowMs();
  });
  if (stands.length === 0) return Promise.resolve(nowMs());
  return Promise.race(stands).catch(() => undefined);
}
