/** The file that a journal writes to, owned by one process: a narrow port, so that a simulated disk can stand behind it. */
import { type FileHandle, mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskError, replaceFile, syncFolder } from '../checkpoint/durableFile.ts';
import type { GanglionError } from '../errors/ganglionError.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import { acquireLock, type Lock } from './lock.ts';

export interface RecordFile {
  readonly name: string;
  read(): Promise<Buffer>;
  /** Resolves when the bytes are durable. Where it rejects, some of them may be there. */
  append(bytes: Buffer): Promise<void>;
  /** Cuts off what lies behind so many bytes, durably. */
  truncate(byteCount: number): Promise<void>;
  /** Replaces everything, atomically. */
  replace(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

export class OwnedRecordFile implements RecordFile {
  readonly name: string;
  readonly #lock: Lock;
  #handle: FileHandle;
  /** Why nothing can be appended any more. */
  #lost: GanglionError | undefined;

  private constructor(name: string, lock: Lock, handle: FileHandle) {
    this.name = name;
    this.#lock = lock;
    this.#handle = handle;
  }

  /** Throws `already-exists` where another process owns the folder, `disk`. */
  static async open(folder: string, fileName: string, lost: (why: GanglionError) => void): Promise<OwnedRecordFile> {
    try {
      await mkdir(folder, { recursive: true });
      const lock = await acquireLock(join(folder, 'lock'), lost);
      try {
        const file = join(folder, fileName);
        const handle = await open(file, 'a');
        await handle.sync();
        // A new file's name, and its folder's, must outlive a power cut like the records in it.
        await syncFolder(folder);
        await syncFolder(dirname(folder));
        return new OwnedRecordFile(file, lock, handle);
      } catch (error) {
        await lock.release();
        throw error;
      }
    } catch (error) {
      throw diskError(folder, error);
    }
  }

  read(): Promise<Buffer> {
    return readFile(this.name);
  }

  async append(bytes: Buffer): Promise<void> {
    if (this.#lost) throw this.#lost;
    await this.#lock.check();
    failpoint('journal.beforeWrite');
    await this.#handle.appendFile(bytes);
    failpoint('journal.beforeSync');
    await this.#handle.datasync();
    failpoint('journal.afterSync');
  }

  async truncate(byteCount: number): Promise<void> {
    await this.#lock.check();
    await this.#handle.truncate(byteCount);
    await this.#handle.datasync();
  }

  async replace(bytes: Buffer): Promise<void> {
    await this.#lock.check();
    try {
      await replaceFile(this.name, bytes);
      const replaced = this.#handle;
      this.#handle = await open(this.name, 'a');
      this.#lost = undefined;
      // It has no name any more. A replacement that was done must not look as if it had failed.
      await replaced.close().catch(() => undefined);
    } catch (error) {
      // Where the old file has lost its name already, what is appended to it would be lost too.
      if ((await this.#handle.stat()).nlink === 0) this.#lost = diskError(this.name, error);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
    await this.#lock.release();
  }
}
