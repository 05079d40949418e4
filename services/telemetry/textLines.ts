/** Lines of a file, read in chunks: memory is bounded by the longest line, however long the file is. */
import { open } from 'node:fs/promises';

/** A membership event of 10,000 workers has 0.8 MB; NATS takes 1 MiB by default. */
export const LINE_BYTES_MAX = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** A place between two lines. */
export interface TextPosition {
  readonly offset: number;
  /** Lines before it. */
  readonly line: number;
}

export const START: TextPosition = { offset: 0, line: 0 };

interface TextLine {
  /** Without the newline; undefined where it is longer than LINE_BYTES_MAX, and then the last that is given. */
  readonly text: string | undefined;
  /** Counted from 1. */
  readonly line: number;
  /** The position after it. */
  readonly next: TextPosition;
}

/** The lines between a position and the byte offset `end`, where a line ends. */
export async function* readLines(file: string, from: TextPosition, end: number): AsyncGenerator<TextLine> {
  const handle = await open(file, 'r');
  try {
    let pending: Buffer = Buffer.alloc(0);
    let { offset, line } = from;
    let position = from.offset;
    while (position < end) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - position));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
      // Somebody made the file shorter: what is left of a line is no line.
      if (bytesRead === 0) return;
      position += bytesRead;
      pending = Buffer.concat([pending, chunk.subarray(0, bytesRead)]);
      let begin = 0;
      for (let newline = pending.indexOf(NEWLINE); newline >= 0; newline = pending.indexOf(NEWLINE, begin)) {
        line += 1;
        offset += newline + 1 - begin;
        yield { text: pending.toString('utf8', begin, newline), line, next: { offset, line } };
        begin = newline + 1;
      }
      pending = pending.subarray(begin);
      if (pending.length > LINE_BYTES_MAX) {
        yield { text: undefined, line: line + 1, next: { offset, line } };
        return;
      }
    }
  } finally {
    await handle.close();
  }
}
