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
/** Some 130 MB of text, which a viewer still opens; hours of phases. */
export const EVENTS_MAX = 1_000_000;

/**
 * A file in Chrome's trace event format, its array form: written on and on, and read though nobody closed the bracket.
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
export class TraceFile {
  readonly #path: string;
  readonly #pid: number;
  readonly #tracks: string[] = [];
  readonly #ended: (why: string) => void;
  #lines: string[] = [];
  #events = 0;
  #isOver = false;

  /**
   * Throws `invalid-argument` where the file cannot be written. `ended` is told why nothing more is, where the file is full
   * or the disk: whoever is traced goes on.
   */
  constructor(path: string, processName: string, pid: number, ended: (why: string) => void = () => {}) {
    this.#path = path;
    this.#pid = pid;
    this.#ended = ended;
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
    try {
      appendFileSync(this.#path, this.#lines.splice(0).join(''));
    } catch (error) {
      this.#end(`it cannot be written: ${describeError(error)}`);
    }
  }

  #end(why: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#ended(`The trace ${this.#path} ends here: ${why}.`);
  }

  #write(event: object): void {
    if (this.#isOver) return;
    this.#events += 1;
    this.#lines.push(`${JSON.stringify({ ...event, pid: this.#pid })},\n`);
    if (this.#lines.length >= BUFFERED_MAX) this.close();
    if (this.#events < EVENTS_MAX) return;
    this.close();
    this.#end(`it has ${EVENTS_MAX} events`);
  }
}

function micros(ms: number): number {
  return Math.round(ms * 1000);
}
