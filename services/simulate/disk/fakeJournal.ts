/** The journal on the simulated disk. */
import { type JournalRecord, journalRecordSchema } from '../../coordinator/journalRecord.ts';
import type { RunJournal } from '../../coordinator/storage.ts';
import type { SimulatedProcess } from '../process.ts';
import type { Disk } from './disk.ts';

/** So that a few hundred appends lead to a compaction: the coordinator compacts at 4 MiB. */
const BYTES_A_RECORD = 64 * 1024;

export class FakeJournal implements RunJournal {
  readonly #disk: Disk;
  readonly #process: SimulatedProcess;

  static async open(
    disk: Disk,
    process: SimulatedProcess,
  ): Promise<{ journal: FakeJournal; records: JournalRecord[] }> {
    const records = await disk.reads(process, 'journal', () =>
      disk.journal.map((json) => journalRecordSchema.parse(JSON.parse(json))),
    );
    return { journal: new FakeJournal(disk, process), records };
  }

  private constructor(disk: Disk, process: SimulatedProcess) {
    this.#disk = disk;
    this.#process = process;
  }

  get sizeBytes(): number {
    return this.#disk.journal.length * BYTES_A_RECORD;
  }

  append(record: JournalRecord): Promise<void> {
    const json = JSON.stringify(record);
    return this.#disk.writes(this.#process, 'journal', () => {
      this.#disk.journal.push(json);
    });
  }

  compact(records: readonly JournalRecord[]): Promise<void> {
    const json = records.map((record) => JSON.stringify(record));
    return this.#disk.writes(this.#process, 'journal anew', () => {
      this.#disk.journal = [...json];
    });
  }

  async close(): Promise<void> {}
}
