/** Proves that one process at a time owns a folder, that a second is told who, and that a dead owner is no obstacle. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GanglionError } from '../../services/errors/ganglionError.ts';
import { acquireLock } from '../../services/journal/lock.ts';

const root = mkdtempSync(join(tmpdir(), 'ganglion-owner-'));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'data-'));
});

function file(): string {
  return join(folder, 'lock');
}

function started(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  return child;
}

/** What that process would have written: its pid and start time, and where they count. */
async function lockOf(pid: number): Promise<string> {
  return `${await oldLockOf(pid)} ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${readlinkSync('/proc/self/ns/pid')}`;
}

/** As 0.1.0 wrote it. */
async function oldLockOf(pid: number): Promise<string> {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return `${pid} ${fields[19]}`;
}

describe('a lock', () => {
  it('holds pid and start time of its owner, and is gone when it is released', async () => {
    const lock = await acquireLock(file());
    expect(readFileSync(file(), 'utf8')).toBe(await lockOf(process.pid));
    await lock.release();
    expect(existsSync(file())).toBe(false);
  });

  it('is refused while its owner lives, naming it', async () => {
    const { pid = 0 } = started('sleep', ['60']);
    writeFileSync(file(), await lockOf(pid));
    await expect(acquireLock(file())).rejects.toMatchObject({
      code: 'already-exists',
      message: `Another coordinator (process ${pid}) already owns this data folder: ${file()}.`,
      remedy: expect.stringContaining('--data-dir'),
    });
    expect(readFileSync(file(), 'utf8')).toBe(await lockOf(pid));
  });

  it('of an older version is refused while its owner lives', async () => {
    const { pid = 0 } = started('sleep', ['60']);
    writeFileSync(file(), await oldLockOf(pid));
    await expect(acquireLock(file())).rejects.toMatchObject({ code: 'already-exists' });
  });

  it('is refused to its own process a second time', async () => {
    const lock = await acquireLock(file());
    await expect(acquireLock(file())).rejects.toMatchObject({ code: 'already-exists' });
    await lock.release();
    await (await acquireLock(file())).release();
  });

  it('is taken over from an owner that was killed', async () => {
    const child = started('sleep', ['60']);
    writeFileSync(file(), await lockOf(child.pid ?? 0));
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await acquireLock(file())).release();
  });

  it('is taken over from an owner that was killed and that nobody waited for', async () => {
    // The shell becomes a `sleep` that never waits for its child: it stays in the process table as a zombie.
    const shell = started('sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60']);
    const [output] = await once(shell.stdout ?? shell, 'data');
    const pid = Number(String(output).trim());
    writeFileSync(file(), await lockOf(pid));
    while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z '))
      await new Promise((done) => setTimeout(done, 10));
    await (await acquireLock(file())).release();
  });

  it.each([
    ['another process that got the same pid later', () => `${process.pid} 1`],
    ['a process that died while it made the lock', () => ''],
    ['nonsense', () => 'nonsense'],
  ])('is taken over from %s', async (_, content) => {
    writeFileSync(file(), content());
    const lock = await acquireLock(file());
    expect(readFileSync(file(), 'utf8')).toBe(await lockOf(process.pid));
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('waits for the owner that is just writing its name', async () => {
    const { pid = 0 } = started('sleep', ['60']);
    writeFileSync(file(), '');
    const attempt = acquireLock(file());
    writeFileSync(file(), await lockOf(pid));
    await expect(attempt).rejects.toThrow(`process ${pid}`);
  });

  it('goes to one of two that find the same dead owner', async () => {
    for (let round = 0; round < 40; round++) {
      writeFileSync(file(), `${process.pid} 1`);
      // The second is later by more and more turns of the event loop, so that it meets the first at every step.
      const later = async () => {
        for (let turn = 0; turn < round % 20; turn++) await new Promise(setImmediate);
        return acquireLock(file());
      };
      const results = await Promise.allSettled([acquireLock(file()), later()]);
      const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(locks).toHaveLength(1);
      expect(existsSync(file())).toBe(true);
      await locks[0]?.release();
    }
  });
});

/** The pid and start time are this process's: elsewhere they mean another. */
async function foreignLock(): Promise<string> {
  return `${await oldLockOf(process.pid)} 00000000-0000-4000-8000-000000000000/pid:[4026531836]`;
}

describe('a lock from another container or machine', () => {
  it('is refused while it beats', async () => {
    writeFileSync(file(), await foreignLock());
    const beating = setInterval(() => utimesSync(file(), new Date(), new Date()), 1_000);
    try {
      await expect(acquireLock(file())).rejects.toMatchObject({
        code: 'already-exists',
        message: `Another coordinator (process ${process.pid} of another container or machine) already owns this data folder: ${file()}.`,
      });
    } finally {
      clearInterval(beating);
    }
  });

  it('is taken over when it has not beaten for three seconds', async () => {
    writeFileSync(file(), await foreignLock());
    const lock = await acquireLock(file());
    expect(readFileSync(file(), 'utf8')).toBe(await lockOf(process.pid));
    await lock.release();
  });
});

describe('an owner', () => {
  it('beats', async () => {
    const lock = await acquireLock(file());
    utimesSync(file(), 0, 0);
    await vi.waitFor(() => expect(statSync(file()).mtimeMs).toBeGreaterThan(0), { timeout: 5_000 });
    await lock.release();
  });

  it('that stood still and was replaced writes no more, and leaves the lock alone', async () => {
    const why: GanglionError[] = [];
    const lock = await acquireLock(file(), (one) => why.push(one));
    await lock.check();
    const other = await foreignLock();
    writeFileSync(file(), other);
    await vi.waitFor(() => expect(why).toHaveLength(1), { timeout: 5_000 });
    await expect(lock.check()).rejects.toMatchObject({ code: 'already-exists' });
    await lock.release();
    expect(readFileSync(file(), 'utf8')).toBe(other);
  });

  it('that wakes up looks before it writes', async () => {
    const lock = await acquireLock(file());
    writeFileSync(file(), await foreignLock());
    // No timer runs meanwhile, as in a process that is stopped.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500);
    await expect(lock.check()).rejects.toMatchObject({ code: 'already-exists' });
    await lock.release();
  });

  it('lays a lock again that was removed by hand', async () => {
    const lock = await acquireLock(file());
    rmSync(file());
    await vi.waitFor(() => expect(existsSync(file())).toBe(true), { timeout: 5_000 });
    await lock.check();
    await lock.release();
    expect(existsSync(file())).toBe(false);
  });
});
