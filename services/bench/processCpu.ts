/** The CPU that a process has taken, as Linux tells it. */
import { must } from '../errors/invariant.ts';
import { readProcFile } from './procFile.ts';

/** Linux counts in ticks of 10 ms (USER_HZ), whatever its own clock. */
const TICK_MS = 10;

const DEEDS = { scaling: 'Predict', page: 'Measure' } as const;

/**
 * User's and system's milliseconds since it began. Throws `invalid-argument` where there is no /proc, or no such process.
 * @param part of the bench that asks.
 */
export function processCpuMs(pid: number, part: keyof typeof DEEDS): Promise<number> {
  return readProcFile(pid, 'stat', { part, deed: DEEDS[part] }, parseCpuMs);
}

/** From the text of /proc/PID/stat: fields 14 and 15 (proc(5)). The second one is a name that may have blanks. */
export function parseCpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [must(fields[11], 'utime'), must(fields[12], 'stime')];
  return (Number(user) + Number(system)) * TICK_MS;
}
