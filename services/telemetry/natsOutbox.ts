/**
 * Progress on NATS, that training never waits for. `offer` only notes what there is to send; a loop of its own sends when
 * NATS is there, and believes nothing that a flush has not confirmed. All but phases come at least once, also over restarts
 * of the coordinator; a repeat has the same message id.
 */
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import { invariant, must } from '../errors/invariant.ts';
import type { RunEvent, RunEventKind } from '../report/runEvent.ts';
import { encodeEvent } from './encodeEvent.ts';
import type { DurableCursor, RunEventLog } from './eventLog.ts';
import type { Logger } from './log.ts';
import { readCursor, writeCursor } from './natsCursor.ts';
import { type ClosablePort, type NatsOptions, NatsPort } from './natsPort.ts';
import { BATCH_MAX, type Batch, OutboxState, type Turn } from './outboxState.ts';
import { isRunToken, messageId, subjectOf } from './subjects.ts';

const FLUSH_MS = 5_000;
/** After a batch that failed; a reconnection sends at once. */
const RETRY_MS = 1_000;
const CLOSE_POLL_MS = 10;

/** What the outbox tells the metrics. */
interface OutboxMetrics {
  natsDropped(kind: RunEventKind, count: number): void;
  natsDepth(events: number): void;
  natsConnected(yes: boolean): void;
}

export interface OutboxParts extends NatsOptions {
  readonly log: Logger;
  readonly metrics: OutboxMetrics;
  /** Default: the real NATS. */
  readonly openPort?: (onConnected: () => void) => ClosablePort;
}

interface Run {
  readonly log: RunEventLog;
  /** A hint: reading the log from here finds everything that is not confirmed. */
  cursor: DurableCursor;
}

export class NatsOutbox {
  readonly #parts: OutboxParts;
  readonly #state = new OutboxState();
  readonly #runs = new Map<string, Run>();
  #port: ClosablePort | undefined;
  #sending: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosing = false;
  #droppedPhases = 0;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Begins to dial. Returns at once, and never fails: without a server everything waits. */
  start(): void {
    const { openPort = (onConnected) => new NatsPort(this.#parts, this.#parts.log, onConnected) } = this.#parts;
    this.#port = openPort(() => this.#kick());
  }

  /** Takes up a run, before its first event is offered: new, or with what an earlier coordinator left unconfirmed. */
  async addRun(runId: string, log: RunEventLog): Promise<void> {
    invariant(isRunToken(runId), `run id ${JSON.stringify(runId)} is one subject token`);
    // Beyond the log's end where the folder was restored from an older copy: what is new there was never sent.
    const sequence = Math.min(await readCursor(log.folder), log.nextSequence);
    this.#runs.set(runId, { log, cursor: { sequence } });
    this.#state.addRun(runId, { cursor: sequence, newestDurable: log.lastDurableSequence });
    this.#kick();
  }

  /** Never waits, never throws. Durable events must be in the run's log already. */
  offer(event: RunEvent): void {
    this.#countDropped('phase', this.#state.offer(event));
    this.#kick();
  }

  status(): { readonly connected: boolean; readonly waitingPhases: number; readonly droppedPhases: number } {
    const connected = this.#port?.status() === 'connected';
    return { connected, waitingPhases: this.#state.depth, droppedPhases: this.#droppedPhases };
  }

  /** Waits until NATS has everything, at most `flushMs` and not without a connection; what it then lacks is sent later. */
  async close({ flushMs }: { flushMs: number }): Promise<void> {
    const deadline = Date.now() + flushMs;
    while (this.#hasWork() && this.status().connected && Date.now() < deadline) {
      this.#kick();
      await new Promise((resolve) => setTimeout(resolve, CLOSE_POLL_MS));
    }
    this.#isClosing = true;
    clearTimeout(this.#retry);
    // Cuts a flush that is under way.
    await this.#port?.close();
    await this.#sending;
  }

  #hasWork(): boolean {
    return this.#sending !== undefined || this.#state.next() !== undefined;
  }

  #kick(): void {
    const { connected, waitingPhases } = this.status();
    this.#parts.metrics.natsConnected(connected);
    this.#parts.metrics.natsDepth(waitingPhases);
    if (connected && !this.#isClosing) this.#sending ??= this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    clearTimeout(this.#retry);
    try {
      // `offer` must not pay for it.
      await Promise.resolve();
      for (let turn = this.#state.next(); turn; turn = this.#state.next()) {
        if (this.#isClosing || !(await this.#sendTurn(turn))) return;
      }
    } finally {
      // Synchronous with the last look at the state: no offer is missed.
      this.#sending = undefined;
      const { connected, waitingPhases } = this.status();
      this.#parts.metrics.natsConnected(connected);
      this.#parts.metrics.natsDepth(waitingPhases);
    }
  }

  /** False where it has to be tried again later. */
  async #sendTurn(turn: Turn): Promise<boolean> {
    const run = must(this.#runs.get(turn.runId), `run ${turn.runId}`);
    let read: { events: RunEvent[]; cursors: DurableCursor[] };
    try {
      read = await readBatch(run, turn);
      // A sequence that NATS has must not be given again after a power cut, to an event that would pass for a repeat.
      await run.log.sync();
    } catch (error) {
      return this.#cannotRead(turn, error);
    }
    const batch = this.#state.take(turn, read.events);
    const messages = batch.events.map((event) => ({ event, json: encodeEvent(event).json }));
    try {
      await this.#publish(messages);
    } catch (error) {
      this.#countDropped('phase', this.#state.fail());
      this.#parts.log.debug({ err: error }, `${batch.events.length} events are not confirmed by NATS: again`);
      this.#tryLater();
      return false;
    }
    this.#state.confirm(batch);
    await this.#moveCursor(run, batch, read.cursors);
    return true;
  }

  /** Published and flushed without a pause between: a reconnection cannot come between them unseen. */
  async #publish(messages: readonly { event: RunEvent; json: string }[]): Promise<void> {
    const port = must(this.#port, 'port of a started outbox');
    const tooLong: RunEvent[] = [];
    for (const { event, json } of messages) {
      if (!port.publish(subjectOf(event), messageId(event), json)) tooLong.push(event);
    }
    await port.flush(FLUSH_MS);
    for (const event of tooLong) {
      this.#parts.log.error({ id: messageId(event) }, `a ${event.kind} event is longer than NATS takes: dropped there`);
      this.#countDropped(event.kind, 1);
    }
  }

  /** After a restart everything from the cursor on is sent again: where it cannot be written, that is a little more. */
  async #moveCursor(run: Run, batch: Batch, cursors: readonly DurableCursor[]): Promise<void> {
    const last = cursors.findLast(({ sequence }) => sequence <= batch.confirmedBelow);
    if (!last) return;
    run.cursor = last;
    try {
      await writeCursor(run.log.folder, batch.confirmedBelow);
    } catch (error) {
      this.#parts.log.warn(describeError(error));
    }
  }

  #cannotRead(turn: Turn, error: unknown): boolean {
    const isCorrupt = error instanceof GanglionError && error.code === 'corrupt';
    this.#parts.log.error(
      `${turn.runId} cannot be told on NATS${isCorrupt ? '' : ' for now'}: ${describeError(error)}`,
    );
    if (isCorrupt) this.#state.setAside(turn.runId);
    else this.#tryLater();
    return isCorrupt;
  }

  #tryLater(): void {
    if (this.#isClosing) return;
    this.#retry = setTimeout(() => this.#kick(), RETRY_MS).unref();
  }

  #countDropped(kind: RunEventKind, count: number): void {
    if (count === 0) return;
    if (kind === 'phase') this.#droppedPhases += count;
    this.#parts.metrics.natsDropped(kind, count);
  }
}

/** The first BATCH_MAX durable events of a turn, each with the cursor after it. */
async function readBatch(run: Run, turn: Turn): Promise<{ events: RunEvent[]; cursors: DurableCursor[] }> {
  const events: RunEvent[] = [];
  const cursors: DurableCursor[] = [];
  if (turn.durableFrom === undefined) return { events, cursors };
  for await (const { event, next } of run.log.readDurable({ ...run.cursor, sequence: turn.durableFrom })) {
    if (event.sequence > turn.upTo) break;
    events.push(event);
    cursors.push(next);
    if (events.length === BATCH_MAX) break;
  }
  return { events, cursors };
}
