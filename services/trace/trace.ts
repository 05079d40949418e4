/** What a process did when, for chrome://tracing and Perfetto: spans on named tracks. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { describeError, GanglionError } from '../errors/ganglionError.ts';

/** Takes a span. Times are {@link nowMs}. */
export type Trace = (track: string, name: string, beginMs: number, endMs: number) => void;

/** Milliseconds since the epoch, of a clock that never goes back within a thread: so that processes' traces fit together. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

const BUFFERED_MAX = 256;

/**
 * A file in Chrome's trace event format, its array form: written on and on, and read though nobody closed the bracket.
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
export class TraceFile {
  readonly #path: string;
  readonly #pid: number;
  readonly #tracks: string[] = [];
  #lines: string[] = [];

  /** Throws `invalid-argument` where the file cannot be written. */
  constructor(path: string, processName: string, pid: number) {
    this.#path = path;
    this.#pid = pid;
    try {
      writeFileSync(path, '[\n');
    } catch (cause) {
      const message = `The trace cannot be written: ${describeError(cause)}.`;
      throw new GanglionError({ code: 'invalid-argument', message, remedy: 'Name another file.', cause });
    }
    this.#write({ name: 'process_name', ph: 'M', args: { name: processName } });
  }

  readonly span: Trace = (track, name, beginMs, endMs) => {
    let tid = this.#tracks.indexOf(track) + 1;
    if (tid === 0) {
      tid = this.#tracks.push(track);
      this.#write({ name: 'thread_name', ph: 'M', tid, args: { name: track } });
    }
    this.#write({ name, ph: 'X', tid, ts: micros(beginMs), dur: micros(endMs - beginMs) });
  };

  close(): void {
    appendFileSync(this.#path, this.#lines.splice(0).join(''));
  }

  #write(event: object): void {
    this.#lines.push(`${JSON.stringify({ ...event, pid: this.#pid })},\n`);
    if (this.#lines.length >= BUFFERED_MAX) this.close();
  }
}

function micros(ms: number): number {
  return Math.round(ms * 1000);
}
