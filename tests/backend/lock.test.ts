/** Proves that the install lock admits one at a time, and outlives a holder that was killed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { withLock } from '../../services/backend/lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'ganglion-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('runs its holders one after the other, also after one that threw', async () => {
  const file = join(folder, 'one');
  let inside = 0;
  const lines: string[] = [];
  const work = async () => {
    inside += 1;
    expect(inside).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    inside -= 1;
    throw new Error('broken work');
  };
  const ends = await Promise.allSettled([1, 2, 3].map(() => withLock(file, (line) => lines.push(line), work)));
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(lines[0]).toContain(`process ${process.pid}`);
  expect(existsSync(file)).toBe(false);
});

it.each([
  ['a process that is gone', () => `${spawnSync(process.execPath, ['-e', '']).pid} unknown x\n`],
  ['another process that got the same id later', () => `${process.pid} 1 x\n`],
  ['nonsense', () => 'nonsense\n'],
])('takes over from %s', async (_, content) => {
  const file = join(folder, 'stale');
  writeFileSync(file, content());
  expect(
    await withLock(
      file,
      () => {},
      async () => 'done',
    ),
  ).toBe('done');
  expect(existsSync(file)).toBe(false);
});
