/**
 * The coordinator's memory: an append-only file, one record a line, each with its number and a CRC-32. A record is
 * durable when `append` resolves. A torn last line (the machine died while it was written) is cut off at the next start.
 */
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { diskError, replaceFile, syncFolder } from '../checkpoint/durableFile.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import { acquireLock, type Lock } from './lock.ts';
import { decodeRecords, encodeRecord } from './record.ts';

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

export class Journal<Entry> {
  readonly #file: string;
  readonly #lock: Lock;
  #handle: FileHandle;
  /** Records and bytes in the file that are durable. */
  #count: number;
  #bytes: number;
  #pending: Pending[] = [];
  #working: Promise<void> | undefined;
  /** Why nothing can be written any more. */
  #unusable: GanglionError | undefined;

  private constructor(file: string, lock: Lock, handle: FileHandle, holds: { count: number; bytes: number }) {
    this.#file = file;
    this.#lock = lock;
    this.#handle = handle;
    this.#count = holds.count;
    this.#bytes = holds.bytes;
  }

  /**
   * Opens a folder's journal and gives what it holds. Throws `already-exists` where another process owns it, `corrupt`
   * for a broken record that is not the last or does not fit the schema, `disk`.
   */
  static async open<Entry>(
    folder: string,
    schema: z.ZodType<Entry>,
  ): Promise<{ journal: Journal<Entry>; records: Entry[]; tornBytes: number }> {
    const file = join(folder, FILE);
    try {
      await mkdir(folder, { recursive: true });
      const lock = await acquireLock(join(folder, 'lock'));
      try {
        const bytes = await readIfThere(file);
        const { records, wholeBytes } = decodeRecords(file, bytes, schema);
        const handle = await open(file, 'a');
        if (wholeBytes < bytes.length) await handle.truncate(wholeBytes);
        await handle.sync();
        // A new file's name, and its folder's, must outlive a power cut like the records in it.
        await syncFolder(folder);
        await syncFolder(dirname(folder));
        const journal = new Journal<Entry>(file, lock, handle, { count: records.length, bytes: wholeBytes });
        return { journal, records, tornBytes: bytes.length - wholeBytes };
      } catch (error) {
        await lock.release();
        throw error;
      }
    } catch (error) {
      throw diskError(folder, error);
    }
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
    this.#unusable ??= new GanglionError({
      code: 'wrong-state',
      message: `The journal ${this.#file} is closed.`,
      remedy: 'Start the coordinator again.',
    });
    await this.#handle.close();
    await this.#lock.release();
  }

  async #enqueue(kind: Pending['kind'], records: readonly Entry[]): Promise<void> {
    if (this.#unusable) throw this.#unusable;
    if (this.#pending.length >= PENDING_MAX) {
      throw new GanglionError({
        code: 'disk',
        message: `${PENDING_MAX} records wait for ${this.#file}: the disk does not keep up.`,
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
        if (this.#unusable) throw this.#unusable;
        await (compaction === 0 ? this.#rewrite(json) : this.#write(json));
        for (const { resolve } of taken) resolve();
      } catch (error) {
        for (const { reject } of taken) reject(diskError(this.#file, error));
      }
    }
    this.#working = undefined;
  }

  async #write(json: readonly string[]): Promise<void> {
    const bytes = encodeFrom(this.#count, json);
    try {
      failpoint('journal.beforeWrite');
      await this.#handle.appendFile(bytes);
      failpoint('journal.beforeSync');
      await this.#handle.datasync();
      failpoint('journal.afterSync');
    } catch (error) {
      await this.#cutBack();
      throw error;
    }
    this.#count += json.length;
    this.#bytes += bytes.length;
  }

  /** Cuts off what was half written: a later record must not follow a broken one. */
  async #cutBack(): Promise<void> {
    try {
      await this.#handle.truncate(this.#bytes);
      await this.#handle.datasync();
    } catch (error) {
      this.#unusable = diskError(this.#file, error);
    }
  }

  async #rewrite(json: readonly string[]): Promise<void> {
    const bytes = encodeFrom(0, json);
    try {
      await replaceFile(this.#file, bytes);
      const replaced = this.#handle;
      this.#handle = await open(this.#file, 'a');
      this.#count = json.length;
      this.#bytes = bytes.length;
      await replaced.close();
    } catch (error) {
      // Where the old file has lost its name already, what is appended to it would be lost too.
      if ((await this.#handle.stat()).nlink === 0) this.#unusable = diskError(this.#file, error);
      throw error;
    }
  }
}

function encodeFrom(first: number, json: readonly string[]): Buffer {
  return Buffer.from(json.map((record, i) => encodeRecord(first + i, record)).join(''));
}

async function readIfThere(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
