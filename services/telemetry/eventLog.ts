/**
 * A run's history on disk: `events.jsonl` (state, membership, snapshots) and `metrics.jsonl` (phases).
 *
 * A run that goes back to a checkpoint computes phases again, to the same bits: their reports are not written twice.
 */
import { join } from 'node:path';
import type { RunEvent } from '../report/runEvent.ts';
import { JsonLines } from './jsonLines.ts';

export class RunEventLog {
  readonly folder: string;
  readonly #events: JsonLines;
  readonly #metrics: JsonLines;
  #nextSequence: number;
  #lastReportedPhase: number;

  private constructor(folder: string, events: JsonLines, metrics: JsonLines, next: number, lastPhase: number) {
    this.folder = folder;
    this.#events = events;
    this.#metrics = metrics;
    this.#nextSequence = next;
    this.#lastReportedPhase = lastPhase;
  }

  static async open(folder: string): Promise<RunEventLog> {
    const events = await JsonLines.open(join(folder, 'events.jsonl'));
    const metrics = await JsonLines.open(join(folder, 'metrics.jsonl'));
    const lastEvent = await events.last();
    const lastMetric = await metrics.last();
    const next = Math.max(lastEvent?.sequence ?? -1, lastMetric?.sequence ?? -1) + 1;
    return new RunEventLog(folder, events, metrics, next, lastMetric?.kind === 'phase' ? lastMetric.phase : -1);
  }

  /** The place in the history of the next event. */
  takeSequence(): number {
    return this.#nextSequence++;
  }

  /** False for a phase whose report is there already. */
  isNews(event: { readonly kind: RunEvent['kind']; readonly phase: number }): boolean {
    return event.kind !== 'phase' || event.phase > this.#lastReportedPhase;
  }

  /** State and membership are on disk when this resolves. Throws `disk`. */
  async append(event: RunEvent): Promise<void> {
    if (event.kind === 'phase') {
      this.#lastReportedPhase = event.phase;
      await this.#metrics.append(event, false);
    } else {
      await this.#events.append(event, event.kind !== 'snapshot');
    }
  }

  /** Both files by sequence, from `fromSequence` on; streams. Throws `corrupt`. */
  async *read(fromSequence: number): AsyncIterable<RunEvent> {
    const sources = [this.#events, this.#metrics].map((lines) => lines.read()[Symbol.asyncIterator]());
    const heads = await Promise.all(sources.map((source) => source.next()));
    for (;;) {
      const open = heads.flatMap((head, i) => (head.done ? [] : [{ i, event: head.value }]));
      const first = open.sort((a, b) => a.event.sequence - b.event.sequence)[0];
      const source = first && sources[first.i];
      if (!first || !source) return;
      if (first.event.sequence >= fromSequence) yield first.event;
      heads[first.i] = await source.next();
    }
  }

  /** State, membership and snapshot events alone. */
  async *readDurable(fromSequence: number): AsyncIterable<RunEvent> {
    for await (const event of this.#events.read()) if (event.sequence >= fromSequence) yield event;
  }

  async close(): Promise<void> {
    await this.#events.close();
    await this.#metrics.close();
  }
}
