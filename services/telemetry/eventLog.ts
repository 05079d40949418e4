/**
 * A run's history on disk: `events.jsonl` (state, membership, snapshots, alarms, evaluations) and `metrics.jsonl` (phases).
 *
 * A run that goes back to a checkpoint computes phases again, to the same bits: their reports are not written twice.
 */
import { join } from 'node:path';
import { syncFolder } from '../checkpoint/durableFile.ts';
import type { Told } from '../illness/told.ts';
import type { AlarmEvent, RunEvent } from '../report/runEvent.ts';
import { encodeEvent } from './encodeEvent.ts';
import { JsonLines } from './jsonLines.ts';
import type { Logger } from './log.ts';
import type { TextPosition } from './textLines.ts';

/** Where the reading of durable events goes on: at this sequence, which is not before the position in the file. */
export interface DurableCursor {
  readonly sequence: number;
  readonly position?: TextPosition | undefined;
}

export class RunEventLog {
  readonly folder: string;
  readonly #events: JsonLines;
  readonly #metrics: JsonLines;
  readonly #log: Logger | undefined;
  #lastSequence: number;
  #lastDurableSequence: number;
  #lastReportedPhase: number;

  private constructor(
    folder: string,
    files: { events: JsonLines; metrics: JsonLines; log: Logger | undefined },
    tails: { event: RunEvent | undefined; metric: RunEvent | undefined },
  ) {
    this.folder = folder;
    this.#events = files.events;
    this.#metrics = files.metrics;
    this.#log = files.log;
    this.#lastDurableSequence = tails.event?.sequence ?? -1;
    this.#lastSequence = Math.max(this.#lastDurableSequence, tails.metric?.sequence ?? -1);
    // Phases are only ever appended in ascending order.
    this.#lastReportedPhase = tails.metric?.kind === 'phase' ? tails.metric.phase : -1;
  }

  /** Throws `corrupt` where the last line of a file is no event, and `disk`. */
  static async open(folder: string, log?: Logger): Promise<RunEventLog> {
    const events = await JsonLines.open(join(folder, 'events.jsonl'));
    try {
      const metrics = await JsonLines.open(join(folder, 'metrics.jsonl'));
      await syncFolder(folder);
      for (const { file, tornBytes } of [events.lines, metrics.lines]) {
        if (tornBytes > 0) log?.warn(`the last line of ${file} was torn: ${tornBytes} bytes cut off`);
      }
      const files = { events: events.lines, metrics: metrics.lines, log };
      return new RunEventLog(folder, files, { event: events.last, metric: metrics.last });
    } catch (error) {
      await events.lines.close();
      throw error;
    }
  }

  /** Bytes of torn last lines that were cut off at open. */
  get tornBytes(): number {
    return this.#events.tornBytes + this.#metrics.tornBytes;
  }

  /** What takeSequence gives next. */
  get nextSequence(): number {
    return this.#lastSequence + 1;
  }

  /** Sequence of the newest event that is no phase; -1 before the first. */
  get lastDurableSequence(): number {
    return this.#lastDurableSequence;
  }

  /** The highest phase with a report; -1 before the first. */
  get lastReportedPhase(): number {
    return this.#lastReportedPhase;
  }

  /** The place in the history of the next event. */
  takeSequence(): number {
    this.#lastSequence += 1;
    return this.#lastSequence;
  }

  /** False for a phase whose report is there already. */
  isNews(event: { readonly kind: RunEvent['kind']; readonly phase: number }): boolean {
    return event.kind !== 'phase' || event.phase > this.#lastReportedPhase;
  }

  /**
   * State and membership are on disk when this resolves. False, and nothing is written, for a phase whose report is there
   * already. Throws `disk`; the history is then as it was.
   */
  async append(event: RunEvent): Promise<boolean> {
    if (!this.isNews(event)) return false;
    const { json, omitted } = encodeEvent(event);
    if (omitted.length > 0) this.#log?.warn({ run: event.runId, omitted }, 'a statistic is not a finite number');
    if (event.kind === 'phase') {
      const before = this.#lastReportedPhase;
      this.#lastReportedPhase = event.phase;
      await this.#metrics.append(json, false).catch((error) => {
        this.#lastReportedPhase = Math.min(before, this.#lastReportedPhase);
        throw error;
      });
    } else {
      await this.#events.append(json, event.kind !== 'snapshot');
      this.#lastDurableSequence = event.sequence;
    }
    this.#lastSequence = Math.max(this.#lastSequence, event.sequence);
    return true;
  }

  /** Both files by sequence, from `fromSequence` on, as they are at this call; streams. Throws `corrupt`. */
  async *read(fromSequence: number): AsyncGenerator<RunEvent> {
    const sources = [this.#events.read(), this.#metrics.read()];
    try {
      const heads = await Promise.all(sources.map((source) => source.next()));
      for (;;) {
        const open = heads.flatMap((head, i) => (head.done ? [] : [{ i, event: head.value.event }]));
        const first = open.sort((a, b) => a.event.sequence - b.event.sequence)[0];
        const source = first && sources[first.i];
        if (!first || !source) return;
        if (first.event.sequence >= fromSequence) yield first.event;
        heads[first.i] = await source.next();
      }
    } finally {
      for (const source of sources) await source.return(undefined);
    }
  }

  /** All but phases, each with the cursor after it. Throws `corrupt`. */
  async *readDurable(from: DurableCursor): AsyncGenerator<{ event: RunEvent; next: DurableCursor }> {
    for await (const { event, next } of this.#events.read(from.position)) {
      if (event.sequence < from.sequence) continue;
      yield { event, next: { sequence: event.sequence + 1, position: next } };
    }
  }

  /** What was told of the run's illness, for a coordinator that starts. Reads every durable event. Throws `corrupt`. */
  async told(): Promise<Told> {
    const alarms: AlarmEvent[] = [];
    let snapshotPhase = -1;
    for await (const { event } of this.#events.read()) {
      if (event.kind === 'alarm') alarms.push(event);
      if (event.kind === 'snapshot') snapshotPhase = Math.max(snapshotPhase, event.phase);
    }
    return { alarms, reportedPhase: this.#lastReportedPhase, snapshotPhase };
  }

  /** Everything that was appended is on disk when this resolves. Throws `disk`. */
  async sync(): Promise<void> {
    await this.#metrics.sync();
    await this.#events.sync();
  }

  async close(): Promise<void> {
    await this.#events.close();
    await this.#metrics.close();
  }
}
