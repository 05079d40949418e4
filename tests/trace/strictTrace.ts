/** Reads a trace as strictly as a viewer could: every field of every event, and spans of a thread that lie within each other. */
import { expect } from 'vitest';
import { z } from 'zod';

const pid = z.number().int().min(0);
const tid = z.number().int().min(0);
const metadata = (name: string, args: z.ZodType) =>
  z.strictObject({ name: z.literal(name), ph: z.literal('M'), pid, tid, args });
const span = z.strictObject({
  ...{ name: z.string().min(1), cat: z.string().min(1), ph: z.literal('X'), pid, tid: tid.min(1) },
  ts: z.number(),
  dur: z.number().min(0),
});
const traceSchema = z.strictObject({
  traceEvents: z.array(
    z.union([
      metadata('process_name', z.strictObject({ name: z.string().min(1) })),
      metadata('process_sort_index', z.strictObject({ sort_index: z.number().int() })),
      metadata('process_labels', z.strictObject({ labels: z.string().min(1) })),
      metadata('thread_name', z.strictObject({ name: z.string().min(1) })),
      metadata('thread_sort_index', z.strictObject({ sort_index: z.number().int() })),
      span,
    ]),
  ),
  displayTimeUnit: z.literal('ms'),
  otherData: z.strictObject({
    run: z.string(),
    phases: z.string().regex(/^\d+-\d+$/),
    began: z.iso.datetime().optional(),
    processes: z.array(
      z.strictObject({
        ...{ pid, name: z.string(), missing: z.string(), dropped: z.number().int().min(0) },
        ...{ clockOffsetMs: z.number().optional(), clockUncertaintyMs: z.number().min(0).optional() },
      }),
    ),
  }),
});

export interface ReadSpan {
  readonly process: string;
  readonly lane: string;
  readonly name: string;
  readonly begin: number;
  /** In microseconds, as `begin`. */
  readonly end: number;
}

export interface ReadTrace {
  readonly spans: readonly ReadSpan[];
  readonly about: z.infer<typeof traceSchema>['otherData'];
}

export function readTrace(text: string): ReadTrace {
  const { traceEvents, otherData } = traceSchema.parse(JSON.parse(text));
  const named = (kind: string) =>
    new Map(
      traceEvents.flatMap((event) => {
        const { name } = ('args' in event ? event.args : {}) as { name?: string };
        return event.name === kind && name !== undefined ? [[`${event.pid} ${event.tid}`, name]] : [];
      }),
    );
  const [processes, lanes] = [named('process_name'), named('thread_name')];
  expect([...processes.values()]).toEqual(otherData.processes.map(({ name }) => name));
  const spans = traceEvents.flatMap((event) => {
    if (event.ph !== 'X') return [];
    const process = processes.get(`${event.pid} 0`) ?? expect.fail(`${event.name} is of no process`);
    const lane = lanes.get(`${event.pid} ${event.tid}`) ?? expect.fail(`${event.name} is of no thread`);
    return [{ process, lane, name: event.name, begin: event.ts, end: event.ts + event.dur }];
  });
  checkNesting(spans);
  return { spans, about: otherData };
}

/** A nanosecond: times are written in thousandths. */
const ROUNDED = 0.002;

function checkNesting(spans: readonly ReadSpan[]): void {
  for (const thread of new Set(spans.map(({ process, lane }) => `${process} ${lane}`))) {
    const open: ReadSpan[] = [];
    for (const one of spans.filter(({ process, lane }) => `${process} ${lane}` === thread)) {
      while ((open.at(-1)?.end ?? Number.POSITIVE_INFINITY) <= one.begin + ROUNDED) open.pop();
      const around = open.at(-1);
      if (around && one.end > around.end + ROUNDED)
        expect.fail(`${thread}: ${one.name} crosses the end of ${around.name}`);
      if (around && one.begin < around.begin) expect.fail(`${thread}: ${one.name} is out of order`);
      open.push(one);
    }
  }
}
