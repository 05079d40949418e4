/** What Linux tells of a process, read and parsed. */
import { readFile } from 'node:fs/promises';
import { GanglionError } from '../errors/ganglionError.ts';

/**
 * @param part of the bench that asks, @param deed what it does on Linux alone. Throws `invalid-argument` where there is no
 * /proc, or no such process.
 */
export async function readProcFile<Value>(
  pid: number,
  name: 'stat' | 'status',
  { part, deed }: { readonly part: string; readonly deed: string },
  parse: (text: string) => Value,
): Promise<Value> {
  const file = `/proc/${pid}/${name}`;
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new GanglionError({
      code: 'invalid-argument',
      message: `The part ${part} reads ${file}, which could not be read.`,
      remedy: `${deed} on Linux; name the other parts with --only elsewhere.`,
      cause,
    });
  }
}
