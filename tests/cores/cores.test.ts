/** Proves that workers on one machine get disjoint cores, as many for each, and that what a person says wins. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCoresFlag } from '../../services/cli/coresFlag.ts';
import { formatCores, parseCores, shareOf } from '../../services/cores/cores.ts';
import { Pinning, type PinningPorts, pinningObstacle } from '../../services/cores/pinning.ts';

const someCores = fc.uniqueArray(fc.nat(200), { minLength: 1 }).map((cores) => cores.sort((a, b) => a - b));

describe('a list of cores', () => {
  it('is read as it is written', () => {
    fc.assert(fc.property(someCores, (cores) => void expect(parseCores(formatCores(cores))).toEqual(cores)));
    expect(parseCores('8,0-3')).toEqual([0, 1, 2, 3, 8]);
    expect(formatCores([0, 1, 2, 3, 8])).toBe('0-3,8');
  });

  it.each(['', 'all', '3-1', '1,', '-1', '0-3-5', '1.5', '12345'])('%j is none', (text) => {
    expect(parseCores(text)).toBeUndefined();
  });

  it('is refused with what is allowed', () => {
    expect(parseCoresFlag('auto', [0, 1])).toBe('auto');
    expect(parseCoresFlag('1', [0, 1])).toEqual([1]);
    expect(() => parseCoresFlag('two', [0, 1])).toThrow("--cores: found 'two'; auto, off, or cores as in 0-3,8");
    expect(() => parseCoresFlag('0-2', [0, 1])).toThrow('--cores: found 0-2; this process may use the cores 0-1.');
  });
});

describe('the shares of a machine', () => {
  it('are disjoint, even, and whole where there are not enough', () => {
    fc.assert(
      fc.property(someCores, fc.integer({ min: 1, max: 64 }), (cores, count) => {
        const shares = Array.from({ length: count }, (_, index) => shareOf(cores, index, count));
        if (count > cores.length) {
          for (const share of shares) expect(share).toEqual(cores);
          return;
        }
        const taken = shares.flat();
        expect(new Set(taken).size).toBe(taken.length);
        for (const share of shares) expect(share).toHaveLength(Math.floor(cores.length / count));
        expect(taken.every((core) => cores.includes(core))).toBe(true);
      }),
    );
  });
});

describe('pinning', () => {
  function ports(over: Partial<PinningPorts> = {}) {
    const pinned: string[] = [];
    const said: string[] = [];
    const all = {
      allowed: [0, 1, 2, 3],
      obstacle: undefined,
      pin: async (list: string) => void pinned.push(list),
      ...over,
    };
    return {
      pinned,
      said,
      with: (wish: 'auto' | 'off' | number[]) => new Pinning(wish, (what) => said.push(what), all),
    };
  }

  it('follows those who come and go, and does nothing twice', async () => {
    const test = ports();
    const pinning = test.with('auto');
    for (const [index, count] of [
      [0, 1],
      [1, 2],
      [1, 2],
      [2, 3],
      [0, 5],
      [0, 1],
    ] as const)
      await pinning.place(index, count);
    expect(test.pinned).toEqual(['2-3', '2', '0-3']);
    expect(test.said[0]).toBe('pinned to core 2-3: worker 2 of 2 here');
  });

  it('leaves the process alone where a person says so, or where it would harm', async () => {
    const off = ports();
    await off.with('off').place(0, 2);
    const quota = ports({ obstacle: 'the container has a quota of CPU time' });
    await quota.with('auto').place(0, 2);
    expect([off.pinned, quota.pinned]).toEqual([[], []]);
    await quota.with([3]).place(0, 2);
    expect(quota.pinned).toEqual(['3']);
  });

  it('says why it could not, and goes on', async () => {
    const test = ports({ pin: () => Promise.reject(new Error('spawn taskset ENOENT')) });
    await test.with('auto').place(0, 2);
    expect(test.said).toEqual(['not pinned to core 0-1: spawn taskset ENOENT']);
  });

  it.runIf(process.platform === 'linux')('is not for a container with a quota, old or new', () => {
    const files = (given: Record<string, string>) => (path: string) => given[path] ?? '';
    expect(pinningObstacle(files({}))).toBeUndefined();
    expect(pinningObstacle(files({ '/sys/fs/cgroup/cpu.max': 'max 100000\n' }))).toBeUndefined();
    expect(pinningObstacle(files({ '/sys/fs/cgroup/cpu.max': '150000 100000\n' }))).toContain('quota');
    expect(pinningObstacle(files({ '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n' }))).toBeUndefined();
    expect(pinningObstacle(files({ '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000\n' }))).toContain('quota');
  });
});
