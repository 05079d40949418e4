/** How much of a process is in memory, as Linux tells it. */
import { readFile } from 'node:fs/promises';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';

/** Megabytes of 10⁶ bytes. Throws `invalid-argument` where there is no /proc, or no such process. */
export async function residentMegabytes(pid: number): Promise<number> {
  const file = `/proc/${pid}/status`;
  try {
    return parseResident(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new GanglionError({
      code: 'invalid-argument',
      message: `The part memory reads ${file}, which could not be read.`,
      remedy: 'Measure memory on Linux; name the other parts with --only elsewhere.',
      cause,
    });
  }
}

/** Megabytes from the text of /proc/PID/status, which counts in KiB. */
export function parseResident(status: string): number {
  const kibibytes = must(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1], 'VmRSS');
  return (Number(kibibytes) * 1024) / 1e6;
}
