/** Append-only JSON lines: a torn last line is cut off at open; a broken line in the middle is named. */
import { createReadStream } from 'node:fs';
import { type FileHandle, open, truncate } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { diskError } from '../checkpoint/durableFile.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { type RunEvent, runEventSchema } from '../report/runEvent.ts';

export class JsonLines {
  readonly file: string;
  readonly #handle: FileHandle;

  private constructor(file: string, handle: FileHandle) {
    this.file = file;
    this.#handle = handle;
  }

  static async open(file: string): Promise<JsonLines> {
    try {
      const handle = await open(file, 'a+');
      const { size } = await handle.stat();
      const whole = await endOfLastLine(handle, size);
      if (whole < size) await truncate(file, whole);
      return new JsonLines(file, handle);
    } catch (error) {
      throw diskError(file, error);
    }
  }

  /** Throws `disk`. With `durable` it is on disk when this resolves. */
  async append(event: RunEvent, durable: boolean): Promise<void> {
    try {
      await this.#handle.appendFile(`${JSON.stringify(event)}\n`);
      if (durable) await this.#handle.datasync();
    } catch (error) {
      throw diskError(this.file, error);
    }
  }

  /** Every event, in order; streams. Throws `corrupt` with the line's number. */
  async *read(): AsyncIterable<RunEvent> {
    let number = 0;
    for await (const line of createInterface({ input: createReadStream(this.file), crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      yield this.#parse(line, number);
    }
  }

  /** The last event; undefined for an empty file. */
  async last(): Promise<RunEvent | undefined> {
    let last: RunEvent | undefined;
    for await (const event of this.read()) last = event;
    return last;
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #parse(line: string, number: number): RunEvent {
    try {
      return runEventSchema.parse(JSON.parse(line));
    } catch (error) {
      throw new GanglionError({
        code: 'corrupt',
        message: `Line ${number} of ${this.file} is not a run event.`,
        remedy: 'Move the file away; the run itself is not harmed, only its history.',
        cause: error,
      });
    }
  }
}

const TAIL_BYTES = 65_536;

/** Where the last whole line ends. A line is far shorter than the tail that is read. */
async function endOfLastLine(handle: FileHandle, size: number): Promise<number> {
  const begin = Math.max(0, size - TAIL_BYTES);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - begin), 0, size - begin, begin);
  return begin + buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
}
