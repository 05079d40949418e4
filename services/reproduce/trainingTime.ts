/** How long a run trained, by its history: it may have been broken off, and gone on another day. */
import { isFinal, type RunEvent } from '../report/runEvent.ts';

export class TrainingTime {
  #ms = 0;
  /** Of the event before, if the run trained then. */
  #sinceMs: number | undefined;

  /** @param event in the order of the history. What lies before a run’s new beginning was no training of it. */
  count(event: RunEvent): void {
    const begins = event.kind === 'state' && !isFinal(event.state);
    if (this.#sinceMs !== undefined && !begins) this.#ms += event.timeMs - this.#sinceMs;
    const trains = event.kind === 'state' ? event.state === 'running' : this.#sinceMs !== undefined;
    this.#sinceMs = trains ? event.timeMs : undefined;
  }

  get minutes(): number {
    return this.#ms / 60_000;
  }
}
