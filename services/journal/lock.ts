/**
 * One owner a folder: a lock file with the owner's pid, its start time and where they count, so that a dead owner's lock is no
 * obstacle. An owner of another container or machine cannot be looked at: its lock beats as long as it lives.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { open, readFile, rename, rm, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { GanglionError } from '../errors/ganglionError.ts';

export interface Lock {
  /** Before each write. Throws `already-exists` where this process stood still for so long that another took the folder over. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** Between two beats of a lock: a busy owner misses none of three. */
const BEAT_MS = 1_000;
/** Who finds a lock from elsewhere waits so long for a beat before it takes the owner for dead. */
const SILENCE_MS_MAX = 3_000;
const LOOK_MS = 200;

/** Once more after a dead owner's lock was removed, and once more where another was quicker and is gone again. */
const ATTEMPTS = 3;
/** A lock without content is one that is being made: its owner has 10 × 10 ms to write its name. */
const EMPTY_READS_MAX = 10;
const EMPTY_READ_PAUSE_MS = 10;

/** Throws `already-exists`, naming the owner that lives. `lost` hears at most once that another has taken the folder over. */
export async function acquireLock(file: string, lost: (why: GanglionError) => void = () => {}): Promise<Lock> {
  const mine = `${process.pid} ${startTimeOf(process.pid)} ${PLACE}`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await create(file, mine)) return new HeldLock(file, mine, lost);
    const owner = await ownerOf(file);
    if (owner === undefined) continue;
    if (await lives(file, owner)) throw taken(file, owner);
    await bury(file, owner);
  }
  throw taken(file, (await ownerOf(file)) ?? 'unknown');
}

class HeldLock implements Lock {
  readonly #file: string;
  readonly #mine: string;
  readonly #lost: (why: GanglionError) => void;
  readonly #beating: NodeJS.Timeout;
  #seenMs = performance.now();
  #why: GanglionError | undefined;

  constructor(file: string, mine: string, lost: (why: GanglionError) => void) {
    this.#file = file;
    this.#mine = mine;
    this.#lost = lost;
    // What stays away from a disk for a moment is seen by the next write.
    this.#beating = setInterval(() => void this.#look().catch(() => undefined), BEAT_MS).unref();
  }

  async check(): Promise<void> {
    if (!this.#why && performance.now() - this.#seenMs > 2 * BEAT_MS) await this.#look();
    if (this.#why) throw this.#why;
  }

  async release(): Promise<void> {
    clearInterval(this.#beating);
    if ((await readIfThere(this.#file)) === this.#mine) await rm(this.#file, { force: true });
  }

  async #look(): Promise<void> {
    const owner = await readIfThere(this.#file);
    if (this.#why) return;
    // A lock that somebody removed by hand is laid again.
    if (owner === this.#mine || (owner === undefined && (await create(this.#file, this.#mine)))) {
      const now = new Date();
      await utimes(this.#file, now, now);
      this.#seenMs = performance.now();
      return;
    }
    clearInterval(this.#beating);
    this.#why = taken(this.#file, owner ?? 'unknown');
    this.#lost(this.#why);
  }
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

async function lives(file: string, owner: string): Promise<boolean> {
  // Locks of Ganglion 0.1.0 say no place.
  const [pid, started, place = PLACE] = owner.split(' ');
  if (started === undefined || started === '') return false;
  return place === PLACE ? startTimeOf(Number(pid)) === started : beats(file);
}

async function beats(file: string): Promise<boolean> {
  const first = await lastBeatMs(file);
  for (let waitedMs = 0; waitedMs < SILENCE_MS_MAX; waitedMs += LOOK_MS) {
    await sleep(LOOK_MS);
    if ((await lastBeatMs(file)) !== first) return true;
  }
  return false;
}

/** Undefined where there is no lock any more. Opened each time: a network file system looks at the server then. */
async function lastBeatMs(file: string): Promise<number | undefined> {
  try {
    const handle = await open(file);
    try {
      return (await handle.stat()).mtimeMs;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Where a pid means the same process: one boot of one machine, and one PID namespace of it. */
const PLACE = ((): string => {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
})();

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
  const place = owner.split(' ')[2];
  const elsewhere = place === undefined || place === PLACE ? '' : ' of another container or machine';
  return new GanglionError({
    code: 'already-exists',
    message: `Another coordinator (process ${owner.split(' ')[0]}${elsewhere}) already owns this data folder: ${file}.`,
    remedy: 'Stop it first, or give this one a folder of its own with --data-dir.',
  });
}
