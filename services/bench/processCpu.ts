/** The CPU that a process has taken, as Linux tells it. */
import { readFile } from 'node:fs/promises';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';

/** Linux counts in ticks of 10 ms (USER_HZ), whatever its own clock. */
const TICK_MS = 10;

/** User's and system's milliseconds since it began. Throws `invalid-argument` where there is no /proc, or no such process. */
export async function processCpuMs(pid: number): Promise<number> {
  const file = `/proc/${pid}/stat`;
  try {
    return parseCpuMs(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new GanglionError({
      code: 'invalid-argument',
      message: `The part scaling reads ${file}, which could not be read.`,
      remedy: 'Predict on Linux; name the other parts with --only elsewhere.',
      cause,
    });
  }
}

/** From the text of /proc/PID/stat: fields 14 and 15 (proc(5)). The second one is a name that may have blanks. */
export function parseCpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [must(fields[11], 'utime'), must(fields[12], 'stime')];
  return (Number(user) + Number(system)) * TICK_MS;
}
