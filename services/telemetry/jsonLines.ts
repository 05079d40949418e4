/** Append-only JSON lines of one run: a torn last line is cut off at open, a broken line before it is named. */
import { type FileHandle, open } from 'node:fs/promises';
import { diskError } from '../checkpoint/durableFile.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { invariant } from '../errors/invariant.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import { type RunEvent, runEventSchema } from '../report/runEvent.ts';
import { findTail } from './tail.ts';
import { LINE_BYTES_MAX, readLines, START, type TextPosition } from './textLines.ts';

/** Appends that wait for the disk. The coordinator awaits each, so there is one in practice. */
const WAITING_MAX = 1_024;

export class JsonLines {
  readonly file: string;
  /** Bytes of a torn last line that were cut off at open. */
  readonly tornBytes: number;
  readonly #handle: FileHandle;
  /** Bytes of whole lines: what follows them is being written. */
  #bytes: number;
  #isDirty = false;
  #isClosed = false;
  #waiting = 0;
  #lastWrite: Promise<unknown> = Promise.resolve();
  /** Why nothing can be written any more. */
  #unusable: GanglionError | undefined;

  private constructor(file: string, handle: FileHandle, size: { bytes: number; tornBytes: number }) {
    this.file = file;
    this.#handle = handle;
    this.#bytes = size.bytes;
    this.tornBytes = size.tornBytes;
  }

  /** `last` is the last event, undefined in an empty file. Throws `disk`; `corrupt` where the last line is none. */
  static async open(file: string): Promise<{ lines: JsonLines; last: RunEvent | undefined }> {
    try {
      const handle = await open(file, 'a+');
      try {
        const { size } = await handle.stat();
        const tail = await findTail(handle, size);
        if (tail.end < size) await handle.truncate(tail.end);
        await handle.sync();
        const lines = new JsonLines(file, handle, { bytes: tail.end, tornBytes: size - tail.end });
        if (tail.begin === tail.end) return { lines, last: undefined };
        // The number of the line is only worth counting for when it has to be told.
        for await (const { event } of lines.read({ offset: tail.begin, line: 0 }, () => lines.#numberAt(tail.begin))) {
          return { lines, last: event };
        }
        return { lines, last: undefined };
      } catch (error) {
        await handle.close();
        throw error;
      }
    } catch (error) {
      throw diskError(file, error);
    }
  }

  /** In the order of the calls. With `durable` it is on disk when this resolves. Throws `disk`; nothing was added then. */
  async append(json: string, durable: boolean): Promise<void> {
    invariant(this.#waiting < WAITING_MAX, `at most ${WAITING_MAX} lines wait for ${this.file}`);
    this.#waiting += 1;
    const write = this.#lastWrite.then(() => this.#write(Buffer.from(`${json}\n`), durable));
    // Who asked for it hears of a failure; the next one is tried all the same.
    this.#lastWrite = write.catch(() => undefined);
    try {
      await write;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Everything that was appended is on disk when this resolves. Throws `disk`. */
  async sync(): Promise<void> {
    await this.#lastWrite;
    if (!this.#isDirty) return;
    this.#isDirty = false;
    try {
      await this.#handle.datasync();
    } catch (error) {
      this.#isDirty = true;
      throw diskError(this.file, error);
    }
  }

  /**
   * The events that were whole when this was called, from a position on, each with the position after it; streams, also
   * after close. Throws `corrupt` with the line's number, and `disk`.
   */
  async *read(
    from: TextPosition = START,
    numberOf = async (line: number) => line,
  ): AsyncGenerator<{ event: RunEvent; next: TextPosition }> {
    try {
      for await (const { text, line, next } of readLines(this.file, from, this.#bytes)) {
        const event = text === undefined ? undefined : parse(text);
        if (event === undefined) throw broken(this.file, await numberOf(line));
        yield { event, next };
      }
    } catch (error) {
      throw diskError(this.file, error);
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.sync();
    } finally {
      this.#unusable = new GanglionError({
        code: 'wrong-state',
        message: `${this.file} is closed.`,
        remedy: 'Start the coordinator again.',
      });
      await this.#handle.close();
    }
  }

  async #write(bytes: Buffer, durable: boolean): Promise<void> {
    if (this.#unusable) throw this.#unusable;
    invariant(bytes.length <= LINE_BYTES_MAX, `an event has at most ${LINE_BYTES_MAX} bytes`);
    try {
      await this.#handle.appendFile(bytes);
      failpoint('history.afterAppend');
      if (durable) await this.#handle.datasync();
    } catch (error) {
      await this.#cutBack();
      throw diskError(this.file, error);
    }
    this.#bytes += bytes.length;
    if (!durable) this.#isDirty = true;
  }

  /** Cuts off what was half written: a later line must not follow a broken one. */
  async #cutBack(): Promise<void> {
    try {
      await this.#handle.truncate(this.#bytes);
    } catch (error) {
      this.#unusable = diskError(this.file, error);
    }
  }

  async #numberAt(offset: number): Promise<number> {
    let lines = 0;
    for await (const { next } of readLines(this.file, START, offset)) lines = next.line;
    return lines + 1;
  }
}

function parse(text: string): RunEvent | undefined {
  try {
    return runEventSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // Not JSON: the caller says in which line.
  }
}

function broken(file: string, line: number): GanglionError {
  return new GanglionError({
    code: 'corrupt',
    message: `Line ${line} of ${file} is not a run event.`,
    remedy: 'Move the file away, or restore it; weights and checkpoints are not harmed, only the history of the run.',
  });
}
