/**
 * The coordinator's memory: an append-only file, one record a line, each with its number and a CRC-32. A record is
 * durable when `append` resolves. A torn last line (the machine died while it was written) is cut off at the next start.
 */
import type { z } from 'zod';
import { diskError } from '../checkpoint/durableFile.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { decodeRecords, encodeRecord } from './record.ts';
import { OwnedRecordFile, type RecordFile } from './recordFile.ts';

const FILE = 'journal.jsonl';
/** Appends that wait for an fsync: the coordinator awaits each persist, so this is one a run in practice. */
const PENDING_MAX = 10_000;

/** A record to append, or all records to compact to, as JSON. Numbers are given when it is written. */
interface Pending {
  readonly kind: 'append' | 'compact';
  readonly json: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface OpenJournal<Entry> {
  readonly journal: Journal<Entry>;
  readonly records: Entry[];
  /** Of a last record that was never acknowledged; cut off. */
  readonly tornBytes: number;
}

export class Journal<Entry> {
  readonly #file: RecordFile;
  /** Records and bytes in the file that are durable. */
  #count: number;
  #bytes: number;
  #pending: Pending[] = [];
  #working: Promise<void> | undefined;
  /** A record was half written, and could not be cut off yet. */
  #isTorn = false;
  #closed: GanglionError | undefined;

  private constructor(file: RecordFile, holds: { count: number; bytes: number }) {
    this.#file = file;
    this.#count = holds.count;
    this.#bytes = holds.bytes;
  }

  /**
   * Opens a folder's journal and gives what it holds. Throws `already-exists` where another process owns it, `corrupt`
   * for a broken record that is not the last or does not fit the schema, `disk`. `lost`: another has taken the folder over,
   * and nothing can be appended any more.
   */
  static async open<Entry>(
    folder: string,
    schema: z.ZodType<Entry>,
    lost: (why: GanglionError) => void = () => {},
  ): Promise<OpenJournal<Entry>> {
    const file = await OwnedRecordFile.open(folder, FILE, lost);
    try {
      return await Journal.over(file, schema);
    } catch (error) {
      await file.close();
      throw diskError(folder, error);
    }
  }

  /** The journal that a file holds. */
  static async over<Entry>(file: RecordFile, schema: z.ZodType<Entry>): Promise<OpenJournal<Entry>> {
    const bytes = await file.read();
    const { records, wholeBytes } = decodeRecords(file.name, bytes, schema);
    if (wholeBytes < bytes.length) await file.truncate(wholeBytes);
    const journal = new Journal<Entry>(file, { count: records.length, bytes: wholeBytes });
    return { journal, records, tornBytes: bytes.length - wholeBytes };
  }

  get sizeBytes(): number {
    return this.#bytes;
  }

  /** Resolves when the record is on disk. Appends that come together share one fsync. Rejects with `disk`. */
  append(record: Entry): Promise<void> {
    return this.#enqueue('append', [record]);
  }

  /**
   * Replaces everything by these records, atomically: they stand for all appends that came before this call; those that
   * come after it follow them. Rejects with `disk`; the journal is then as it was, and goes on.
   */
  compact(records: readonly Entry[]): Promise<void> {
    return this.#enqueue('compact', records);
  }

  /** Writes what waits, and gives the folder free. */
  async close(): Promise<void> {
    while (this.#working) await this.#working;
    this.#closed ??= new GanglionError({
      code: 'wrong-state',
      message: `The journal ${this.#file.name} is closed.`,
      remedy: 'Start the coordinator again.',
    });
    await this.#file.close();
  }

  async #enqueue(kind: Pending['kind'], records: readonly Entry[]): Promise<void> {
    if (this.#closed) throw this.#closed;
    if (this.#pending.length >= PENDING_MAX) {
      throw new GanglionError({
        code: 'disk',
        message: `${PENDING_MAX} records wait for ${this.#file.name}: the disk does not keep up.`,
        remedy: 'Give the coordinator a faster disk with --data-dir.',
      });
    }
    const json = records.map((record) => must(JSON.stringify(record), 'a record as JSON'));
    return new Promise((resolve, reject) => {
      this.#pending.push({ kind, json, resolve, reject });
      this.#working ??= this.#work();
    });
  }

  /** One fsync a turn: for all appends that wait up to the next compaction, or for that. */
  async #work(): Promise<void> {
    while (this.#pending.length > 0) {
      const compaction = this.#pending.findIndex(({ kind }) => kind === 'compact');
      const taken = this.#pending.splice(0, compaction < 0 ? this.#pending.length : Math.max(compaction, 1));
      const json = taken.flatMap((pending) => pending.json);
      try {
        await (compaction === 0 ? this.#rewrite(json) : this.#write(json));
        for (const { resolve } of taken) resolve();
      } catch (error) {
        for (const { reject } of taken) reject(diskError(this.#file.name, error));
      }
    }
    this.#working = undefined;
  }

  async #write(json: readonly string[]): Promise<void> {
    const bytes = encodeFrom(this.#count, json);
    await this.#cutBack();
    try {
      await this.#file.append(bytes);
    } catch (error) {
      this.#isTorn = true;
      await this.#cutBack().catch(() => undefined);
      throw error;
    }
    this.#count += json.length;
    this.#bytes += bytes.length;
  }

  /** Cuts off what was half written: a later record must not follow a broken one. */
  async #cutBack(): Promise<void> {
    if (!this.#isTorn) return;
    await this.#file.truncate(this.#bytes);
    this.#isTorn = false;
  }

  async #rewrite(json: readonly string[]): Promise<void> {
    const bytes = encodeFrom(0, json);
    await this.#file.replace(bytes);
    this.#isTorn = false;
    this.#count = json.length;
    this.#bytes = bytes.length;
  }
}

function encodeFrom(first: number, json: readonly string[]): Buffer {
  return Buffer.from(json.map((record, i) => encodeRecord(first + i, record)).join(''));
}
