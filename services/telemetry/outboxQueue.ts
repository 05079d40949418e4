/**
 * What the outbox still has to send: pure bookkeeping.
 *
 * Durable events (state, membership, snapshot) are on disk, so only a cursor a run is kept of them, however long NATS is
 * away. Phase events wait in a ring: when it is full the oldest goes, and is counted.
 */
import type { PhaseEvent } from '../report/runEvent.ts';

/** About 0.5 MB; at ten reports a second, more than a minute and a half of outage. */
export const RING_MAX = 1_024;

export class OutboxQueue {
  readonly #ring: PhaseEvent[] = [];
  /** First durable sequence of each run that is not confirmed; only runs with something to send. */
  readonly #cursors = new Map<string, number>();
  #dropped = 0;

  /** Phase events that wait. */
  get depth(): number {
    return this.#ring.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** Returns how many were dropped for it: 0 or 1. */
  offerPhase(event: PhaseEvent): number {
    this.#ring.push(event);
    if (this.#ring.length <= RING_MAX) return 0;
    this.#ring.shift();
    this.#dropped += 1;
    return 1;
  }

  /** A run has durable events from this sequence on. */
  offerDurable(runId: string, sequence: number): void {
    if (!this.#cursors.has(runId)) this.#cursors.set(runId, sequence);
  }

  /** Runs with durable events to send, and where to begin. */
  durable(): [runId: string, fromSequence: number][] {
    return [...this.#cursors];
  }

  /** Everything of the run before `next` is confirmed; `last` is the newest sequence that was offered meanwhile. */
  confirmDurable(runId: string, next: number, nothingLeft: boolean): void {
    if (nothingLeft) this.#cursors.delete(runId);
    else this.#cursors.set(runId, next);
  }

  /** The oldest phase events; they stay until confirmed. */
  peekPhases(count: number): readonly PhaseEvent[] {
    return this.#ring.slice(0, count);
  }

  /** Confirmed: gone. Those that the ring dropped meanwhile are gone already. */
  confirmPhases(events: readonly PhaseEvent[]): void {
    const sent = new Set(events);
    while (this.#ring[0] && sent.has(this.#ring[0])) this.#ring.shift();
  }

  isEmpty(): boolean {
    return this.#ring.length === 0 && this.#cursors.size === 0;
  }
}
