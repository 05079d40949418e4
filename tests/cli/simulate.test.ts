/** Proves that `simulate` says what was run, what went wrong on purpose and what held; and of a seed that breaks, how to see it again. */
import { describe, expect, it } from 'vitest';
import { runSeeds } from '../../services/cli/simulate.ts';
import { simulate } from '../../services/simulate/simulation.ts';
import { expectDocument } from './documents.ts';
import { fakeConsole, ganglion } from './fakeConsole.ts';

const on = (argv: string) => ganglion(argv.split(' '));

describe('simulate', () => {
  it('tells the same of the same seeds', async () => {
    const json = async () => {
      const { code, out, err } = await on('simulate --seed 5 --seeds 3 -o json');
      expect([code, err]).toEqual([0, '']);
      const { seconds, ...told } = JSON.parse(out) as { seconds: number; faults: Record<string, number> };
      expect(seconds).toBeGreaterThan(0);
      return told;
    };
    const told = await json();
    expect(told).toMatchObject({ firstSeed: 5, seeds: 3, broken: [] });
    expect(Object.values(told.faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
    expect(await json()).toEqual(told);
  });

  it('--workers fixes how many, and --trace tells all that happens, beside the result', async () => {
    const { code, out, err } = await on('simulate --seed 7 --workers 2 --trace');
    expect([code, out]).toEqual([0, expect.stringMatching(/^Seeds {5}7: all held\nClusters {2}1; 2 workers, /)]);
    expect(err).toMatch(/^ +\d+\.\d{3} {2}w2#1 starts$/m);
    expect(err).not.toContain('w3#1');
  });

  it('names a seed that breaks when it is met, goes on, and ends with exit code 1', async () => {
    const console = fakeConsole();
    const seeds = { first: 1, count: 3, workers: 2, isTraced: false, again: () => '' };
    await runSeeds(console, 'jsonl', seeds, async (options) => {
      const outcome = await simulate(options);
      return options.seed === 2 ? { ...outcome, violation: 'w1 applies phase 4 twice' } : outcome;
    });
    const replay = 'ganglion simulate --seed 2 --workers 2 --trace';
    expect(console.err()).toBe(`seed 2 is broken: w1 applies phase 4 twice\n  Again: ${replay}\n`);
    const broken = [{ seed: 2, violation: 'w1 applies phase 4 twice', replay }];
    const found: unknown = JSON.parse(console.out());
    expectDocument('simulate', found);
    expect(found).toMatchObject({ seeds: 3, broken });
    expect(console.exitCode).toBe(1);
  });

  it.each([
    ['--seed 0', '--seed: found '],
    ['--seed 1.5', '--seed: found '],
    ['--seeds 0', '--seeds: found '],
    ['--seeds 1000001', '--seeds: found '],
    ['--workers 65', '--workers: found '],
    ['--seed 2147483648 --seeds 2', '--seed 2147483648 with --seeds 2 ends at 2147483649'],
    ['--trace --seeds 2', '--trace: found it with --seeds 2'],
  ])('refuses %s', async (flags, sentence) => {
    const { code, out, err } = await on(`simulate ${flags}`);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^ganglion: .+\n {2}.+\n {2}invalid-argument: .+\n$/);
    expect(err).toContain(sentence);
  });
});
