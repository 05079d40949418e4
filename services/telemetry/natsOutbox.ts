/**
 * Progress on NATS, that training never waits for. `offer` only notes what there is to send; a loop of its own sends when
 * NATS is there, and believes nothing that a flush has not confirmed. State events are never dropped.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../checkpoint/durableFile.ts';
import type { RunEvent } from '../report/runEvent.ts';
import type { RunEventLog } from './eventLog.ts';
import type { ProgressPort } from './natsPort.ts';
import { OutboxQueue } from './outboxQueue.ts';
import { messageId, subjectOf } from './subjects.ts';

/** Events sent before a flush: 256 × 1 KiB are far below NATS' and the client's buffers. */
const BATCH_MAX = 256;
const FLUSH_MS = 5_000;
/** After a flush that failed; a reconnect sends at once. */
const RETRY_MS = 1_000;
const CURSOR_FILE = 'nats-cursor.json';

export interface OutboxObserver {
  dropped(count: number): void;
  depth(events: number): void;
  connected(yes: boolean): void;
}

export class NatsOutbox {
  readonly #queue = new OutboxQueue();
  readonly #logs = new Map<string, RunEventLog>();
  readonly #newest = new Map<string, number>();
  readonly #observer: OutboxObserver;
  #port: ProgressPort | undefined;
  #sending: Promise<void> | undefined;
  #again = false;

  constructor(observer: OutboxObserver) {
    this.#observer = observer;
  }

  /** Must be called once the port exists and whenever it is connected again. */
  connected(port: ProgressPort): void {
    this.#port = port;
    this.#observer.connected(true);
    this.#kick();
  }

  /** Takes up a run whose events may not all be confirmed: after a start of the coordinator, or a new run. */
  async addRun(runId: string, log: RunEventLog): Promise<void> {
    this.#logs.set(runId, log);
    const cursor = await readCursor(log.folder);
    for await (const event of log.readDurable(cursor)) {
      this.#queue.offerDurable(runId, cursor);
      this.#newest.set(runId, event.sequence);
    }
    this.#kick();
  }

  /** Never waits, never throws. Durable events must be in the run's log already. */
  offer(event: RunEvent): void {
    if (event.kind === 'phase') {
      const dropped = this.#queue.offerPhase(event);
      if (dropped > 0) this.#observer.dropped(dropped);
    } else {
      this.#newest.set(event.runId, event.sequence);
      this.#queue.offerDurable(event.runId, event.sequence);
    }
    this.#observer.depth(this.#queue.depth);
    this.#kick();
  }

  /** Waits until everything is confirmed, at most `timeoutMs`. */
  async drain(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!this.#queue.isEmpty() && this.#port?.isConnected() && Date.now() < deadline) {
      this.#kick();
      await Promise.race([this.#sending, new Promise((resolve) => setTimeout(resolve, 50))]);
    }
  }

  #kick(): void {
    this.#again = true;
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  async #send(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const port = this.#port;
      this.#observer.connected(port?.isConnected() ?? false);
      if (!port?.isConnected()) return;
      try {
        for (const [runId, from] of this.#queue.durable()) await this.#sendDurable(port, runId, from);
        await this.#sendPhases(port);
      } catch {
        // Not confirmed: it stays queued, and is sent again, with the same ids.
        this.#observer.connected(port.isConnected());
        setTimeout(() => this.#kick(), RETRY_MS).unref();
        return;
      }
      this.#observer.depth(this.#queue.depth);
    }
  }

  async #sendDurable(port: ProgressPort, runId: string, from: number): Promise<void> {
    const log = this.#logs.get(runId);
    if (!log) return;
    let next = from;
    let unconfirmed = 0;
    const confirm = async () => {
      await port.flush(FLUSH_MS);
      await replaceFile(join(log.folder, CURSOR_FILE), Buffer.from(JSON.stringify({ nextSequence: next })));
      unconfirmed = 0;
    };
    for await (const event of log.readDurable(from)) {
      port.publish(subjectOf(event), messageId(event), JSON.stringify(event));
      next = event.sequence + 1;
      unconfirmed += 1;
      if (unconfirmed === BATCH_MAX) {
        await confirm();
        this.#queue.confirmDurable(runId, next, false);
      }
    }
    if (unconfirmed > 0) await confirm();
    const nothingLeft = next > (this.#newest.get(runId) ?? -1);
    this.#queue.confirmDurable(runId, next, nothingLeft);
    if (!nothingLeft) this.#again = true;
  }

  async #sendPhases(port: ProgressPort): Promise<void> {
    for (;;) {
      const batch = this.#queue.peekPhases(BATCH_MAX);
      if (batch.length === 0) return;
      for (const event of batch) port.publish(subjectOf(event), messageId(event), JSON.stringify(event));
      await port.flush(FLUSH_MS);
      this.#queue.confirmPhases(batch);
    }
  }
}

/** The first sequence that is not confirmed. */
async function readCursor(folder: string): Promise<number> {
  try {
    const cursor = JSON.parse(await readFile(join(folder, CURSOR_FILE), 'utf8')) as { nextSequence?: unknown };
    return typeof cursor.nextSequence === 'number' ? cursor.nextSequence : 0;
  } catch {
    // No cursor, or a broken one: everything is sent again, with the same ids.
    return 0;
  }
}
