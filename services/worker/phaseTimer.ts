/** Sums where a worker's time goes, between two reports. */
import type { Exchanged } from '../compression/gradientExchange.ts';
import type { Timings } from '../report/statistics.ts';
import type { SpanRecorder } from '../trace/recorder.ts';

type Part = 'compute' | 'exchange' | 'wait' | 'apply';

export class PhaseTimer {
  readonly #trace: SpanRecorder;
  #sums: Record<Part, number> = { compute: 0, exchange: 0, wait: 0, apply: 0 };
  #phaseCount = 0;
  #bytes = 0;
  #savedBytes = 0;

  constructor(trace: SpanRecorder) {
    this.#trace = trace;
  }

  async time<Value>(part: Part, work: Promise<Value>): Promise<Value> {
    const beginMs = this.#trace.nowMs();
    try {
      return await work;
    } finally {
      const endMs = this.#trace.nowMs();
      this.#sums[part] += endMs - beginMs;
      this.#trace.span('phases', part, beginMs, endMs);
    }
  }

  exchanged({ bytes, savedBytes }: Exchanged): void {
    this.#bytes += bytes;
    this.#savedBytes += savedBytes;
  }

  phaseDone(): void {
    this.#phaseCount += 1;
  }

  /** The sums since the last call. */
  take(): { timings: Timings; phaseCount: number; exchangedBytes: number; savedBytes: number } {
    const { compute, exchange, wait, apply } = this.#sums;
    const taken = {
      timings: { computeMs: compute, exchangeMs: exchange, waitMs: wait, applyMs: apply },
      phaseCount: this.#phaseCount,
      exchangedBytes: this.#bytes,
      savedBytes: this.#savedBytes,
    };
    this.#sums = { compute: 0, exchange: 0, wait: 0, apply: 0 };
    this.#phaseCount = 0;
    this.#bytes = 0;
    this.#savedBytes = 0;
    return taken;
  }
}
