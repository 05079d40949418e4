/** The lines of a UTF-8 file, one after the other, without holding the file in memory. */
import { GanglionError } from '../errors/ganglionError.ts';
import { openRangeFile } from './rangeFile.ts';

const CHUNK_BYTES = 1024 * 1024;
/** A file without line ends is no table, and must not fill the memory. */
const LINE_LETTERS_MAX = 16 * 1024 * 1024;

export interface TextLine {
  /** From 1 on. */
  readonly number: number;
  readonly text: string;
}

/** Without line ends and byte order mark. Throws `dataset` for what cannot be read, is no UTF-8, or has endless lines. */
export function* textLines(path: string): Generator<TextLine> {
  const file = openRangeFile(path);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let number = 0;
  for (let position = 0; position < file.bytes; position += CHUNK_BYTES) {
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, file.bytes - position));
    file.read(position, chunk);
    const isLast = position + chunk.length === file.bytes;
    const lines = (rest + decode(decoder, chunk, !isLast, path, position)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield { number: ++number, text: line.replace(/\r$/, '') };
    if (rest.length > LINE_LETTERS_MAX) {
      throw notText(path, `line ${number + 1} has more than ${LINE_LETTERS_MAX} characters`);
    }
  }
  if (rest !== '') yield { number: ++number, text: rest.replace(/\r$/, '') };
}

function decode(
  decoder: InstanceType<typeof TextDecoder>,
  chunk: Uint8Array,
  stream: boolean,
  path: string,
  position: number,
): string {
  try {
    return decoder.decode(chunk, { stream });
  } catch (error) {
    throw notText(path, `what is no UTF-8 stands between bytes ${position} and ${position + chunk.length}`, error);
  }
}

function notText(path: string, what: string, cause?: unknown): GanglionError {
  return new GanglionError({
    code: 'dataset',
    message: `${path} is no table in text: ${what}.`,
    remedy: 'Save it as CSV in UTF-8.',
    cause,
  });
}
