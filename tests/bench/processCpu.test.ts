/** Proves that a process's CPU is read in milliseconds, and that a process that is gone is an error. */
import { expect, it } from 'vitest';
import { parseCpuMs, processCpuMs } from '../../services/bench/processCpu.ts';

it('is utime and stime, whatever the name of the process has', () => {
  expect(parseCpuMs('7 (a (b) c) S 1 7 7 0 -1 4194560 9 0 0 0 120 30 0 0 20 0 1 0 100\n')).toBe(1500);
});

it('of this process agrees with Node', async () => {
  const { user, system } = process.cpuUsage();
  expect(Math.abs((await processCpuMs(process.pid, 'page')) - (user + system) / 1000)).toBeLessThan(100);
});

it('of a process that is gone names its file', async () => {
  const most = 2 ** 30;
  await expect(processCpuMs(most, 'scaling')).rejects.toMatchObject({
    code: 'invalid-argument',
    message: `The part scaling reads /proc/${most}/stat, which could not be read.`,
  });
});
