/**
 * A trace in Chrome's trace event format, its object form, for Perfetto and chrome://tracing: all processes on the
 * coordinator's clock, which begins at 0 with the first span of a worker.
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
import { lanesOf, type Timed } from './lanes.ts';
import type { RecordedTrace } from './recordedTrace.ts';
import type { TracedProcess } from './tracePart.ts';

/** From top to bottom; others follow by their names. */
const TRACKS = ['generation', 'phases', 'compute', 'exchange', 'checkpoints', 'membership', 'decisions', 'effects'];
const NS_PER_MS = 1_000_000;

interface Placed {
  readonly process: TracedProcess;
  readonly spans: readonly Timed[];
}

export function chromeTrace(trace: RecordedTrace): string {
  const { runId, firstPhase, phaseCount, processes } = trace;
  const aligned = processes.map((process) => ({ process, spans: alignedSpans(trace, process) }));
  const workers = aligned.filter(({ process }) => process.process > 0).flatMap(({ spans }) => spans);
  const beginMs = workers.reduce((first, span) => Math.min(first, span.begin), Number.POSITIVE_INFINITY);
  const endMs = workers.reduce((last, span) => Math.max(last, span.end), Number.NEGATIVE_INFINITY);
  const ns = (ms: number) => Math.round((ms - beginMs) * NS_PER_MS);
  // What the coordinator does for other phases is not of these.
  const inTime = aligned.map(({ process, spans }) => ({
    process,
    spans: spans
      .filter(({ begin, end }) => begin <= endMs && end >= beginMs)
      .map((span) => ({ ...span, begin: ns(span.begin), end: ns(span.end) })),
  }));
  return JSON.stringify({
    traceEvents: inTime.flatMap(eventsOf),
    displayTimeUnit: 'ms',
    otherData: {
      run: runId,
      phases: `${firstPhase}-${firstPhase + phaseCount - 1}`,
      ...(workers.length > 0 && { began: new Date(beginMs).toISOString() }),
      processes: processes.map(({ process: pid, clock, ...rest }) => ({
        ...{ pid, ...rest },
        ...(clock && { clockOffsetMs: clock.offsetMs, clockUncertaintyMs: clock.uncertaintyMs }),
      })),
    },
  });
}

/** On the coordinator's clock, in ms. Without an offset nobody knows when they were. */
function alignedSpans({ spans }: RecordedTrace, { process, clock }: TracedProcess): Timed[] {
  if (!clock) return [];
  return (spans.get(process) ?? []).flatMap(({ track, name, beginMs, endMs }) =>
    endMs >= beginMs ? [{ track, name, begin: beginMs - clock.offsetMs, end: endMs - clock.offsetMs }] : [],
  );
}

function eventsOf({ process, spans }: Placed): object[] {
  const { process: pid, name, missing } = process;
  const labels = [clockLabel(process), missing].filter((text) => text !== '').join('; ');
  const tracks = [...new Set(spans.map(({ track }) => track))].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const lanes = tracks.flatMap((track) => lanesOf(spans.filter((span) => span.track === track)));
  return [
    { name: 'process_name', ph: 'M', pid, tid: 0, args: { name } },
    { name: 'process_sort_index', ph: 'M', pid, tid: 0, args: { sort_index: pid } },
    { name: 'process_labels', ph: 'M', pid, tid: 0, args: { labels } },
    ...lanes.flatMap(({ name: lane, spans: its }, index) => [
      { name: 'thread_name', ph: 'M', pid, tid: index + 1, args: { name: lane } },
      { name: 'thread_sort_index', ph: 'M', pid, tid: index + 1, args: { sort_index: index + 1 } },
      ...its.map(({ track: cat, name: what, begin, end }) => {
        return { name: what, cat, ph: 'X', pid, tid: index + 1, ts: begin / 1000, dur: (end - begin) / 1000 };
      }),
    ]),
  ];
}

function rank(track: string): number {
  const index = TRACKS.indexOf(track);
  return index < 0 ? TRACKS.length : index;
}

function clockLabel({ process, clock }: TracedProcess): string {
  if (process === 0) return 'its clock is that of the trace';
  if (!clock) return 'its clock was never compared';
  const { offsetMs, uncertaintyMs } = clock;
  const side = offsetMs < 0 ? 'behind' : 'ahead';
  return `its clock was ${Math.abs(offsetMs).toFixed(3)} ms ${side}, ± ${uncertaintyMs.toFixed(3)} ms`;
}
