/**
 * A run's events for whoever may be slow, away, or new: in their order, each once. What is told waits in memory while that is
 * little; what was told before, or was too much, is read from the history.
 */
import type { RunEvent } from '../report/runEvent.ts';
import type { RunEventLog } from './eventLog.ts';

/** Some 2 MB. The busiest runs tell a few hundred events a second. */
const WAITING_MAX = 4_096;

export class HistoryFollower {
  readonly #history: Pick<RunEventLog, 'read'>;
  #waiting: RunEvent[] = [];
  /** Sequence of the next event to hand on. */
  #next = 0;
  /** Whether the history has events that neither wait here nor were handed on. */
  #isBehind = true;
  #isClosed = false;
  #wake = () => {};

  /** Begins with the first event of the history. */
  constructor(history: Pick<RunEventLog, 'read'>) {
    this.#history = history;
  }

  /** Never waits. The event must be in the history. */
  offer(event: RunEvent): void {
    if (!this.#isBehind) this.#waiting.push(event);
    if (this.#waiting.length > WAITING_MAX) {
      this.#waiting = [];
      this.#isBehind = true;
    }
    this.#wake();
  }

  /** Ends `batches` behind what was told until now. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /** At most `max` events at a time; waits for more until `close`. To be called once. Throws what reading the history throws. */
  async *batches(max: number): AsyncGenerator<readonly RunEvent[]> {
    for (;;) {
      if (this.#isBehind) yield* this.#fromHistory(max);
      else if (this.#waiting.length > 0) yield this.#handOn(this.#waiting.splice(0, max));
      else if (this.#isClosed) return;
      else await new Promise<void>((resolve) => this.#wakeBy(resolve));
    }
  }

  async *#fromHistory(max: number): AsyncGenerator<readonly RunEvent[]> {
    // What is told from here on waits, also where the history gives it as well.
    this.#isBehind = false;
    let batch: RunEvent[] = [];
    for await (const event of this.#history.read(this.#next)) {
      batch.push(event);
      if (batch.length < max) continue;
      yield this.#handOn(batch);
      batch = [];
    }
    if (batch.length > 0) yield this.#handOn(batch);
  }

  #handOn(events: readonly RunEvent[]): readonly RunEvent[] {
    const news = events.filter(({ sequence }) => sequence >= this.#next);
    this.#next = (news.at(-1)?.sequence ?? this.#next - 1) + 1;
    return news;
  }

  #wakeBy(resolve: () => void): void {
    this.#wake = resolve;
  }
}
