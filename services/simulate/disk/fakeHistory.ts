/** A run's history on the simulated disk: the promises of `telemetry/eventLog.ts`. */
import type { RunStore } from '../../coordinator/storage.ts';
import type { Told } from '../../illness/told.ts';
import type { RunEvent } from '../../report/runEvent.ts';
import type { SimulatedProcess } from '../process.ts';
import type { Disk, FolderImage } from './disk.ts';

type History = RunStore['history'];

export class FakeHistory implements History {
  readonly #disk: Disk;
  readonly #process: SimulatedProcess;
  readonly #folder: FolderImage;
  #lastSequence: number;
  #lastReportedPhase: number;

  constructor(disk: Disk, process: SimulatedProcess, folder: FolderImage) {
    this.#disk = disk;
    this.#process = process;
    this.#folder = folder;
    this.#lastSequence = Math.max(-1, ...folder.events.map(({ sequence }) => sequence));
    this.#lastReportedPhase = Math.max(
      -1,
      ...folder.events.map((event) => (event.kind === 'phase' ? event.phase : -1)),
    );
  }

  takeSequence(): number {
    this.#lastSequence += 1;
    return this.#lastSequence;
  }

  isNews(event: { readonly kind: RunEvent['kind']; readonly phase: number }): boolean {
    return event.kind !== 'phase' || event.phase > this.#lastReportedPhase;
  }

  async append(event: RunEvent): Promise<boolean> {
    if (!this.isNews(event)) return false;
    const before = this.#lastReportedPhase;
    if (event.kind === 'phase') this.#lastReportedPhase = event.phase;
    const { events } = this.#folder;
    try {
      await this.#disk.writes(this.#process, `${event.kind} event`, () => {
        events.push(event);
        if (event.kind !== 'phase' && event.kind !== 'snapshot') this.#folder.syncedEvents = events.length;
      });
    } catch (error) {
      this.#lastReportedPhase = Math.min(before, this.#lastReportedPhase);
      throw error;
    }
    return true;
  }

  async *read(fromSequence: number): AsyncGenerator<RunEvent> {
    for (const event of [...this.#folder.events]) if (event.sequence >= fromSequence) yield event;
  }

  async told(): Promise<Told> {
    const { events } = this.#folder;
    return {
      alarms: events.filter((event) => event.kind === 'alarm'),
      reportedPhase: this.#lastReportedPhase,
      snapshotPhase: Math.max(-1, ...events.map((event) => (event.kind === 'snapshot' ? event.phase : -1))),
    };
  }

  async close(): Promise<void> {}
}
