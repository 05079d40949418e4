/**
 * The coordinator's memory: an append-only file, one record a line, each with its number and a CRC-32. A record is
 * durable when `append` resolves. A torn last line (the machine died while it was written) is cut off at the next start.
 */
import { type FileHandle, mkdir, open, readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { z } from 'zod';
import { diskError, replaceFile } from '../checkpoint/durableFile.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { acquireLock, type Lock } from './lock.ts';

const FILE = 'journal.jsonl';
/** Appends that wait for an fsync: the coordinator awaits each persist, so this is one a run in practice. */
const PENDING_MAX = 10_000;

export class Journal<Entry> {
  readonly #file: string;
  readonly #lock: Lock;
  #handle: FileHandle;
  #next: number;
  #bytes: number;
  #pending: { line: string; resolve: () => void; reject: (error: unknown) => void }[] = [];
  #writing: Promise<void> | undefined;

  private constructor(file: string, lock: Lock, handle: FileHandle, next: number, bytes: number) {
    this.#file = file;
    this.#lock = lock;
    this.#handle = handle;
    this.#next = next;
    this.#bytes = bytes;
  }

  /**
   * Opens a folder's journal and gives what it holds. Throws `already-exists` where another process owns it, `corrupt`
   * for a broken record that is not the last.
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
        const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return Buffer.alloc(0);
          throw error;
        });
        const { records, wholeBytes } = replay(file, bytes, schema);
        if (wholeBytes < bytes.length) await truncate(file, wholeBytes);
        const handle = await open(file, 'a');
        const journal = new Journal<Entry>(file, lock, handle, records.length, wholeBytes);
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

  /** Resolves when the record is on disk. Appends that come together share one fsync. Throws `disk`. */
  append(record: Entry): Promise<void> {
    if (this.#pending.length >= PENDING_MAX) {
      throw new GanglionError({
        code: 'disk',
        message: `${PENDING_MAX} records wait for ${this.#file}: the disk does not keep up.`,
        remedy: 'Give the coordinator a faster disk with --data-dir.',
      });
    }
    const line = encode(this.#next++, record);
    return new Promise((resolve, reject) => {
      this.#pending.push({ line, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  /** Replaces everything by these records, atomically. */
  async compact(records: readonly Entry[]): Promise<void> {
    await this.#writing;
    const bytes = Buffer.from(records.map((record, number) => encode(number, record)).join(''));
    await this.#handle.close();
    await replaceFile(this.#file, bytes);
    this.#handle = await open(this.#file, 'a');
    this.#next = records.length;
    this.#bytes = bytes.length;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
    await this.#lock.release();
  }

  async #write(): Promise<void> {
    while (this.#pending.length > 0) {
      const batch = this.#pending;
      this.#pending = [];
      try {
        const bytes = Buffer.from(batch.map(({ line }) => line).join(''));
        await this.#handle.appendFile(bytes);
        await this.#handle.datasync();
        this.#bytes += bytes.length;
        for (const { resolve } of batch) resolve();
      } catch (error) {
        // Cut off what was half written, so that a later record does not follow a broken one.
        await truncate(this.#file, this.#bytes).catch(() => undefined);
        for (const { reject } of batch) reject(diskError(this.#file, error));
      }
    }
    this.#writing = undefined;
  }
}

function encode(number: number, record: unknown): string {
  const json = JSON.stringify(record);
  return `${number} ${checksum(`${number} ${json}`)} ${json}\n`;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

function replay<Entry>(
  file: string,
  bytes: Buffer,
  schema: z.ZodType<Entry>,
): { records: Entry[]; wholeBytes: number } {
  const records: Entry[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const newline = bytes.indexOf(0x0a, offset);
    const end = newline < 0 ? bytes.length : newline;
    const parsed = newline < 0 ? undefined : decode(bytes.toString('utf8', offset, end), records.length, schema);
    if (!parsed) {
      if (newline < 0 || end + 1 === bytes.length) return { records, wholeBytes: offset };
      throw new GanglionError({
        code: 'corrupt',
        message: `Record ${records.length} of ${file} (at byte ${offset}) is broken, and others follow it.`,
        remedy: 'Restore the file from a backup, or start with another --data-dir; run folders can be resumed from there.',
      });
    }
    records.push(parsed.record);
    offset = end + 1;
  }
  return { records, wholeBytes: offset };
}

function decode<Entry>(line: string, number: number, schema: z.ZodType<Entry>): { record: Entry } | undefined {
  const match = /^(\d+) ([0-9a-f]{8}) (.*)$/.exec(line);
  if (!match || Number(match[1]) !== number || checksum(`${number} ${match[3]}`) !== match[2]) return undefined;
  return { record: schema.parse(JSON.parse(match[3] as string)) };
}
