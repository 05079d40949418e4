/** One owner a folder: a lock file with the owner's pid and start time, so that a dead owner's lock is no obstacle. */
import { readFileSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { GanglionError } from '../errors/ganglionError.ts';

export interface Lock {
  release(): Promise<void>;
}

/** Once more after a dead owner's lock was removed, and once more where another was quicker and is gone again. */
const ATTEMPTS = 3;
/** A lock without content is one that is being made: its owner has 10 × 10 ms to write its name. */
const EMPTY_READS_MAX = 10;
const EMPTY_READ_PAUSE_MS = 10;

/** Throws `already-exists`, naming the owner that lives. */
export async function acquireLock(file: string): Promise<Lock> {
  const mine = `${process.pid} ${startTimeOf(process.pid)}`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await create(file, mine)) return { release: () => rm(file, { force: true }) };
    const owner = await ownerOf(file);
    if (owner === undefined) continue;
    if (lives(owner)) throw taken(file, owner);
    await bury(file, owner);
  }
  throw taken(file, (await ownerOf(file)) ?? 'unknown');
}

/** False where there is a lock already. */
async function create(file: string, content: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The lock's content; undefined where there is none any more, empty where its owner died while it was made. */
async function ownerOf(file: string): Promise<string | undefined> {
  for (let reads = 0; reads < EMPTY_READS_MAX; reads++) {
    const content = await readIfThere(file);
    if (content !== '') return content;
    await sleep(EMPTY_READ_PAUSE_MS);
  }
  return '';
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Removes a dead owner's lock. It is moved aside first: where two found the same dead owner, the slower one sees that
 * what it moved is the quicker one's new lock, and puts it back.
 */
async function bury(file: string, deadOwner: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readFile(aside, 'utf8');
  if (moved === deadOwner) return rm(aside, { force: true });
  await rename(aside, file);
  throw taken(file, moved);
}

function lives(owner: string): boolean {
  const [pid, started] = owner.split(' ');
  return started !== undefined && started !== '' && startTimeOf(Number(pid)) === started;
}

/** Start time in clock ticks since boot (fields 3 and 22 of /proc/PID/stat); empty where the process is gone. */
function startTimeOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A killed process that its parent has not waited for still has an entry (in containers, often for ever).
    const isDead = fields[0] === 'Z' || fields[0] === 'X';
    return isDead ? '' : (fields[19] ?? '');
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

function taken(file: string, owner: string): GanglionError {
  return new GanglionError({
    code: 'already-exists',
    message: `Another coordinator (process ${owner.split(' ')[0]}) already owns this data folder: ${file}.`,
    remedy: 'Stop it first, or give this one a folder of its own with --data-dir.',
  });
}
