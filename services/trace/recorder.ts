/**
 * Records what a worker does in the phases that somebody asked for. While nobody does, nothing is kept, and a span costs a
 * comparison.
 */
import type { Span } from './span.ts';

export interface RecordingOrder {
  readonly traceId: number;
  readonly runId: string;
  readonly fromPhase: number;
  /** The first that is not recorded any more. */
  readonly untilPhase: number;
}

export interface RecordedBatch {
  readonly traceId: number;
  readonly spans: readonly Span[];
  /** Phases applied. */
  readonly phase: number;
  readonly last: boolean;
  readonly dropped: number;
}

interface Recording {
  readonly order: RecordingOrder;
  readonly send: (batch: RecordedBatch) => void;
  spans: Span[];
  dropped: number;
}

/** Some 60 kB. */
const BATCH_SPANS_MAX = 1_024;
/** What a phase has is sent when it ends. One of a hundred shards has some 250. */
export const PENDING_SPANS_MAX = 8_192;

export class SpanRecorder {
  /** Never goes back; the same for all threads of the process. */
  readonly nowMs: () => number;
  #recording: Recording | undefined;
  #isOn = false;
  #runId = '';
  /** The phase that is computed, or the next one. */
  #phase = 0;
  #computed: { readonly name: string; readonly beginMs: number; isCommitted: boolean } | undefined;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** Whether a span would be kept. */
  get isOn(): boolean {
    return this.#isOn;
  }

  span(track: string, name: string, beginMs: number, endMs: number): void {
    const recording = this.#recording;
    if (!this.#isOn || !recording) return;
    if (recording.spans.length < PENDING_SPANS_MAX) recording.spans.push({ track, name, beginMs, endMs });
    else recording.dropped += 1;
  }

  async time<Value>(track: string, name: string, work: Promise<Value>): Promise<Value> {
    const beginMs = this.nowMs();
    try {
      return await work;
    } finally {
      this.span(track, name, beginMs, this.nowMs());
    }
  }

  /** Returns the first phase that can be recorded whole. The same order again changes nothing. */
  order(order: RecordingOrder, send: (batch: RecordedBatch) => void): number {
    if (this.#recording?.order.traceId !== order.traceId) this.#recording = { order, send, spans: [], dropped: 0 };
    // Where all of it is over already, the answer says so before the last spans do: those come with the next phase.
    this.#isOn = this.#isAsked;
    return this.#computed ? this.#phase + 1 : this.#phase;
  }

  /** Nobody listens any more. */
  forget(): void {
    this.#recording = undefined;
    this.#isOn = false;
  }

  /** The worker is a member of a run's generation that goes on with this phase. */
  joins(runId: string, phase: number): void {
    this.ends();
    this.#runId = runId;
    this.#phase = phase;
    this.#moved();
  }

  begins(phase: number, name: string): void {
    this.ends();
    this.#phase = phase;
    this.#computed = { name, beginMs: this.nowMs(), isCommitted: false };
    this.#moved();
  }

  committed(): void {
    if (this.#computed) this.#computed.isCommitted = true;
  }

  /** The phase is over, if there was one: what it had is handed over. */
  ends(): void {
    const computed = this.#computed;
    if (!computed) return;
    this.#computed = undefined;
    const { name, beginMs, isCommitted } = computed;
    this.span('phases', isCommitted ? name : `${name}, dropped`, beginMs, this.nowMs());
    if (isCommitted) this.#phase += 1;
    if (this.#isOn) this.#hand(false);
    this.#moved();
  }

  /** The worker is no member any more. */
  leaves(): void {
    this.ends();
    if (this.#recording?.order.runId === this.#runId) this.#finish();
    this.#runId = '';
  }

  /** The phase is another one. */
  #moved(): void {
    this.#isOn = this.#isAsked;
    const { runId, untilPhase } = this.#recording?.order ?? { runId: '', untilPhase: 0 };
    if (untilPhase > 0 && runId === this.#runId && this.#phase >= untilPhase) this.#finish();
  }

  get #isAsked(): boolean {
    const order = this.#recording?.order;
    return order?.runId === this.#runId && order.fromPhase <= this.#phase && this.#phase < order.untilPhase;
  }

  #finish(): void {
    this.#hand(true);
    this.forget();
  }

  #hand(last: boolean): void {
    const recording = this.#recording;
    if (!recording) return;
    const { order, send, dropped } = recording;
    const { spans } = recording;
    recording.spans = [];
    recording.dropped = 0;
    for (let at = 0; at < spans.length || at === 0; at += BATCH_SPANS_MAX) {
      const isEnd = at + BATCH_SPANS_MAX >= spans.length;
      const batch = spans.slice(at, at + BATCH_SPANS_MAX);
      const { traceId } = order;
      send({ traceId, spans: batch, phase: this.#phase, last: last && isEnd, dropped: isEnd ? dropped : 0 });
    }
  }
}
