/** Proves that resident memory is read in megabytes of 10⁶ bytes, and that a process that is gone is an error. */
import { expect, it } from 'vitest';
import { parseResident, residentMegabytes } from '../../services/bench/residentMemory.ts';

it('is the VmRSS of the status, which counts in KiB', () => {
  expect(parseResident('VmHWM:\t  900000 kB\nVmRSS:\t  125000 kB\nRssAnon:\t 1 kB\n')).toBe(128);
});

it('is missing in the status of a process without memory: a bug', () => {
  expect(() => parseResident('State:\tZ (zombie)\n')).toThrow('VmRSS is missing');
});

it('of this process agrees with Node', async () => {
  expect(await residentMegabytes(process.pid)).toBeCloseTo(process.memoryUsage.rss() / 1e6, -2);
});

it('of a process that is gone names its file', async () => {
  const most = 2 ** 30;
  await expect(residentMegabytes(most)).rejects.toMatchObject({
    code: 'invalid-argument',
    message: `The part memory reads /proc/${most}/status, which could not be read.`,
  });
});
