/** Sums where a worker's time goes, between two reports. */
import type { Exchanged } from '../compression/gradientExchange.ts';
import type { Timings } from '../report/statistics.ts';

type Part = 'compute' | 'exchange' | 'wait' | 'apply';

export class PhaseTimer {
  readonly #nowMs: () => number;
  #sums: Record<Part, number> = { compute: 0, exchange: 0, wait: 0, apply: 0 };
  #phaseCount = 0;
  #bytes = 0;
  #savedBytes = 0;

  /** `nowMs` never goes back. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  async time<Value>(part: Part, work: Promise<Value>): Promise<Value> {
    const begin = this.#nowMs();
    try {
      return await work;
    } finally {
      this.#sums[part] += this.#nowMs() - begin;
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
