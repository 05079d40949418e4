/**
 * What the outbox still has to send: pure bookkeeping, with no clock, no disk and no network.
 *
 * Durable events (all but phases) are in the run's log, so two numbers a run are kept of them, however long
 * NATS is away. Phase events wait in a ring: when it is full the oldest goes, and is counted. A batch has the events of one
 * run in the order of their sequence, durable ones and phases merged; runs take turns.
 */
import type { PhaseEvent, RunEvent } from '../report/runEvent.ts';

/** About 0.6 MB; at ten reports a second, more than a minute and a half of outage. */
export const RING_MAX = 1_024;
/** Events before a flush: 256 × 0.6 KB are far below NATS' and the client's buffers. */
export const BATCH_MAX = 256;

/** One run's turn: its events up to this sequence may be sent now. */
export interface Turn {
  readonly runId: string;
  /** First durable sequence that is not confirmed; undefined where there is none up to `upTo`. */
  readonly durableFrom: number | undefined;
  readonly upTo: number;
}

export interface Batch {
  readonly runId: string;
  /** By sequence; never empty, except where the log has nothing where it was expected. */
  readonly events: readonly RunEvent[];
  /** Every durable event before this sequence is confirmed with the batch. */
  readonly confirmedBelow: number;
}

interface Run {
  /** First durable sequence that is not confirmed. */
  cursor: number;
  newestDurable: number;
  /** Newest sequence of any kind. */
  newest: number;
}

export class OutboxState {
  /** In the order of their turns. */
  readonly #runs = new Map<string, Run>();
  #ring: PhaseEvent[] = [];
  #inFlight: readonly PhaseEvent[] = [];

  /** Phase events that wait or are not confirmed: at most RING_MAX + BATCH_MAX. */
  get depth(): number {
    return this.#ring.length + this.#inFlight.length;
  }

  /** Takes up a run whose durable events from `cursor` to `newestDurable` are in its log, and are not confirmed. */
  addRun(runId: string, at: { cursor: number; newestDurable: number }): void {
    this.#runs.set(runId, { ...at, newest: at.newestDurable });
  }

  /** Notes an event of a run that was added; returns how many phase events were dropped for it. */
  offer(event: RunEvent): number {
    const run = this.#runs.get(event.runId);
    if (!run) return event.kind === 'phase' ? 1 : 0;
    run.newest = Math.max(run.newest, event.sequence);
    if (event.kind !== 'phase') {
      run.newestDurable = Math.max(run.newestDurable, event.sequence);
      return 0;
    }
    this.#ring.push(event);
    return this.#dropOldest();
  }

  /** Whose turn it is; undefined when nothing waits. */
  next(): Turn | undefined {
    const withPhases = new Set(this.#ring.map(({ runId }) => runId));
    for (const [runId, run] of this.#runs) {
      const hasDurable = run.newestDurable >= run.cursor;
      if (!hasDurable && !withPhases.has(runId)) continue;
      return { runId, durableFrom: hasDurable ? run.cursor : undefined, upTo: run.newest };
    }
    return undefined;
  }

  /**
   * The turn's batch: the run's waiting phases merged with `durable`, its first events in the log from
   * `turn.durableFrom` to `turn.upTo`, BATCH_MAX of them or all. One batch is under way at a time.
   */
  take(turn: Turn, durable: readonly RunEvent[]): Batch {
    // Where the log has more than was read, a phase after the last one that was read is not next.
    const lastRead = durable.length >= BATCH_MAX ? durable[BATCH_MAX - 1] : undefined;
    const upTo = lastRead ? lastRead.sequence : turn.upTo;
    const phases = this.#ring.filter(({ runId, sequence }) => runId === turn.runId && sequence <= upTo);
    const all = [...durable, ...phases].sort((a, b) => a.sequence - b.sequence);
    const events = all.slice(0, BATCH_MAX);
    const isCut = all.length > BATCH_MAX;
    const taken = new Set<RunEvent>(events);
    this.#inFlight = phases.filter((phase) => taken.has(phase));
    this.#ring = this.#ring.filter((phase) => !taken.has(phase));
    return { runId: turn.runId, events, confirmedBelow: (isCut ? (events.at(-1)?.sequence ?? -1) : upTo) + 1 };
  }

  /** NATS has the batch: it is forgotten, and the run's next turn comes after those of the others. */
  confirm(batch: Batch): void {
    this.#inFlight = [];
    const run = this.#runs.get(batch.runId);
    if (!run) return;
    run.cursor = Math.max(run.cursor, batch.confirmedBelow);
    this.#runs.delete(batch.runId);
    this.#runs.set(batch.runId, run);
  }

  /** It is not known whether NATS has the batch: it waits again. Returns how many phase events the ring had no room for. */
  fail(): number {
    this.#ring = [...this.#inFlight, ...this.#ring];
    this.#inFlight = [];
    return this.#dropOldest();
  }

  /** The run's log cannot be read: its durable events are not sent before the next start, its phases are. */
  setAside(runId: string): void {
    const run = this.#runs.get(runId);
    if (run) run.cursor = Number.POSITIVE_INFINITY;
  }

  #dropOldest(): number {
    const excess = Math.max(0, this.#ring.length - RING_MAX);
    this.#ring.splice(0, excess);
    return excess;
  }
}
