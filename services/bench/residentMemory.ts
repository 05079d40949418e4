/** How much of a process is in memory, as Linux tells it. */
import { must } from '../errors/invariant.ts';
import { readProcFile } from './procFile.ts';

/** Megabytes of 10⁶ bytes. Throws `invalid-argument` where there is no /proc, or no such process. */
export function residentMegabytes(pid: number): Promise<number> {
  return readProcFile(pid, 'status', { part: 'memory', deed: 'Measure memory' }, parseResident);
}

/** Megabytes from the text of /proc/PID/status, which counts in KiB. */
export function parseResident(status: string): number {
  const kibibytes = must(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1], 'VmRSS');
  return (Number(kibibytes) * 1024) / 1e6;
}
