/** One owner a folder: a lock file with the owner's pid and start time, so that a dead owner's lock is no obstacle. */
import { readFileSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { GanglionError } from '../errors/ganglionError.ts';

export interface Lock {
  release(): Promise<void>;
}

/** Throws `already-exists`, naming the owner that lives. */
export async function acquireLock(file: string): Promise<Lock> {
  const mine = `${process.pid} ${startTimeOf(process.pid)}`;
  // Twice: once more after a dead owner's lock was removed.
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(mine);
      await handle.sync();
      await handle.close();
      return { release: () => rm(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = await readFile(file, 'utf8').catch(() => '');
    const [pid, started] = owner.split(' ');
    if (owner !== mine && pid && startTimeOf(Number(pid)) === started && started !== '') throw taken(file, pid);
    await rm(file, { force: true });
  }
  throw taken(file, 'another that starts at the same moment');
}

/** Start time in clock ticks since boot (field 22 of /proc/PID/stat); empty where the process is gone. */
function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    // No such process, or no /proc (macOS): there, signal 0 tells whether the pid lives.
    return process.platform !== 'linux' && isAlive(pid) ? 'alive' : '';
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function taken(file: string, pid: string): GanglionError {
  return new GanglionError({
    code: 'already-exists',
    message: `Another coordinator (process ${pid}) already owns this data folder: ${file}.`,
    remedy: 'Stop it first, or give this one a folder of its own with --data-dir.',
  });
}
