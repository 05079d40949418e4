/** One install at a time: a lock file that names the process that holds it. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { GanglionError } from '../errors/ganglionError.ts';

/** An install on a slow line takes minutes (274 MB at 1 MB/s is 5); after 30 of them the holder is stuck. */
const WAIT_MS_MAX = 30 * 60_000;
const POLL_MS = 250;

/** Runs `work` alone among all processes that lock the same file. Waits for a live holder, replaces a dead one. */
export async function withLock<T>(
  file: string,
  log: (line: string) => void,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const mine = `${process.pid} ${startOf(process.pid) ?? 'unknown'} ${Math.random().toString(36).slice(2)}\n`;
  const deadlineMs = Date.now() + WAIT_MS_MAX;
  let told = false;
  while (!take(file, mine)) {
    signal?.throwIfAborted();
    const holder = readIfThere(file);
    if (Date.now() > deadlineMs) throw stuck(file, holder);
    if (holder !== undefined && alive(holder)) {
      if (!told) log(`another install (process ${pidOf(holder)}) is at work: waiting for it`);
      told = true;
      await delay(POLL_MS);
    } else if (holder !== undefined) {
      removeStale(file, holder);
    }
  }
  try {
    return await work();
  } finally {
    if (readIfThere(file) === mine) rmSync(file, { force: true });
  }
}

function stuck(file: string, holder: string | undefined): GanglionError {
  return new GanglionError({
    code: 'backend',
    message: `Another install (process ${holder ? pidOf(holder) : 'unknown'}) has held ${file} for ${WAIT_MS_MAX / 60_000} minutes.`,
    remedy: 'End that process, then run this command again.',
  });
}

/** The lock appears with its content at once: a link of a finished file, never a file that is still empty. */
function take(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Two waiters may both see a dead holder. Only what was judged dead may go, so the loser puts a live lock back. */
function removeStale(file: string, holder: string): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (readIfThere(aside) !== holder) renameSync(aside, file);
  else rmSync(aside, { force: true });
}

function alive(holder: string): boolean {
  const pid = pidOf(holder);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  // A process id is used again after a reboot: the start time tells the two apart where the kernel gives it.
  const start = startOf(pid);
  const claimed = holder.split(' ')[1];
  return start === undefined || claimed === 'unknown' || claimed === start;
}

function pidOf(holder: string): number {
  return Number(holder.split(' ')[0]);
}

/** Field 22 of /proc/PID/stat: the start in clock ticks since boot. The name before it may hold blanks. */
function startOf(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
