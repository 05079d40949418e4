/** The shell around `recording.ts`: each run that is traced, its orders, and who reads the trace. */
import type { CoordinatorMessage, TraceMessage } from '../../control/messages.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { AskedTrace, TracePart } from '../../trace/tracePart.ts';
import type { CoordinatorClock } from '../clock.ts';
import type { At, Recording, Sight } from './draft.ts';
import { OwnSpans } from './ownSpans.ts';
import { newRecording, type RecordingEvent, record } from './recording.ts';
import { isTraced, refusal } from './refusal.ts';

export interface TracingPorts {
  readonly clock: Pick<CoordinatorClock, 'elapsedMs'>;
  readonly failureDetectionMs: number;
  send(workerId: string, message: CoordinatorMessage): void;
  /** Throws `not-found`. */
  sight(runId: string): Sight & { readonly generation: number; readonly stage: string };
}

interface Traced {
  recording: Recording;
  readonly own: OwnSpans;
  readonly parts: TracePart[];
  end: { readonly why: GanglionError | undefined } | undefined;
  wake: () => void;
}

/** Spans in one message: some 200 kB. */
const PART_SPANS_MAX = 4_096;

export class Tracing {
  readonly #ports: TracingPorts;
  readonly #runs = new Map<string, Traced>();
  #orders = 0;

  constructor(ports: TracingPorts) {
    this.#ports = ports;
  }

  /** Records until the phases are over. Throws `wrong-state` where they are already, or the run does not go on. */
  async *trace(asked: AskedTrace, signal: AbortSignal): AsyncIterable<TracePart> {
    const { runId } = asked;
    const why = refusal(asked, this.#ports.sight(runId)) ?? (this.#runs.has(runId) ? isTraced(runId) : undefined);
    if (why) throw new GanglionError(why);
    const recording = newRecording(asked, this.#at(runId));
    const traced: Traced = { recording, own: new OwnSpans(), parts: [], end: undefined, wake: () => undefined };
    this.#runs.set(runId, traced);
    const wake = () => traced.wake();
    signal.addEventListener('abort', wake);
    try {
      this.#feed(runId, traced, { type: 'looked', isTick: false });
      while (!signal.aborted) {
        const part = traced.parts.shift();
        if (part) yield part;
        else if (traced.end?.why) throw traced.end.why;
        else if (traced.end) return;
        else {
          await new Promise<void>((resolve) => {
            traced.wake = resolve;
          });
        }
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.#runs.delete(runId);
      // Whoever asked went away before the end.
      if (!traced.end) for (const { workerId } of traced.recording.participants) this.#order(traced, workerId, true);
    }
  }

  /** Something may have changed; a tick comes so often as workers send heartbeats. */
  looked(isTick: boolean): void {
    for (const [runId, traced] of this.#runs) this.#feed(runId, traced, { type: 'looked', isTick });
  }

  said(workerId: string, message: TraceMessage): void {
    for (const [runId, traced] of this.#runs) {
      if (message.type === 'traceSpans' && message.spans.length > 0) traced.own.begun();
      this.#feed(runId, traced, { type: 'said', workerId, message });
    }
  }

  /** Does the work, and records it where its run is traced; work of no run belongs to all. */
  time<Value>(track: string, runId: string | undefined, name: () => string, work: () => Value): Value {
    if (this.#runs.size === 0) return work();
    const traced = [...this.#runs].filter(([id]) => runId === undefined || id === runId);
    const beginMs = this.#nowMs();
    const done = () => {
      const span = { track, name: name(), beginMs, endMs: this.#nowMs() };
      for (const [, { own }] of traced) own.span(span);
    };
    const value = work();
    if (value instanceof Promise) value.then(done, done);
    else done();
    return value;
  }

  #feed(runId: string, traced: Traced, event: RecordingEvent): void {
    if (traced.end) return;
    const at = this.#at(runId);
    const { generation, stage } = this.#ports.sight(runId);
    traced.own.stage(`generation ${generation}: ${stage}`, at.nowMs);
    const { recording, effects } = record(traced.recording, event, at);
    traced.recording = recording;
    for (const effect of effects) {
      if (effect.type === 'order') this.#order(traced, effect.workerId, effect.over);
      else if (effect.type === 'tell') traced.parts.push(effect.part);
      else {
        if (!effect.why) traced.parts.push(...partsOf(traced.own, at.nowMs));
        traced.end = { why: effect.why && new GanglionError(effect.why) };
      }
    }
    if (effects.length > 0) traced.wake();
  }

  #order({ recording }: Traced, workerId: string, over: boolean): void {
    const { traceId, asked, window } = recording;
    const { from: fromPhase, until: untilPhase } = window ?? { from: 0, until: 0 };
    const { runId } = asked;
    const sentAtMs = this.#nowMs();
    this.#ports.send(workerId, { type: 'traceOrder', traceId, runId, fromPhase, untilPhase, sentAtMs, over });
  }

  #at(runId: string): At {
    return {
      nowMs: this.#nowMs(),
      failureDetectionMs: this.#ports.failureDetectionMs,
      sight: this.#ports.sight(runId),
      freshId: () => {
        this.#orders += 1;
        return this.#orders;
      },
    };
  }

  #nowMs(): number {
    return this.#ports.clock.elapsedMs();
  }
}

function partsOf(own: OwnSpans, nowMs: number): TracePart[] {
  const { spans, dropped } = own.take(nowMs);
  const parts: TracePart[] = [];
  for (let at = 0; at < spans.length; at += PART_SPANS_MAX) {
    parts.push({ type: 'spans', process: 0, spans: spans.slice(at, at + PART_SPANS_MAX) });
  }
  const clock = { offsetMs: 0, uncertaintyMs: 0 };
  return [...parts, { type: 'process', process: 0, name: 'coordinator', clock, missing: '', dropped }];
}
