import { Command } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { Console } from '../console.ts';
import { examples } from '../examples.ts';
import { integer } from '../integer.ts';
import { pasteable } from '../leaving.ts';
import { formatOf } from '../output.ts';

interface Flags {
  seed: number;
  seeds: number;
  workers?: number;
  trace?: boolean;
}

const SEED_MAX = 2 ** 31;
const SEEDS_MAX = 1_000_000;
/** A phase is a message from each to each: 64 workers take as long as a hundred seeds of 4. */
const WORKERS_MAX = 64;

export function simulateCommand(console: Console): Command {
  return new Command('simulate')
    .description('run whole clusters in virtual time, with faults drawn from a seed, and check what Ganglion promises')
    .option(
      '--seed <n>',
      'the first seed; the same one tells the same story',
      integer('--seed', { min: 1, max: SEED_MAX }),
      1,
    )
    .option('--seeds <count>', 'how many', integer('--seeds', { min: 1, max: SEEDS_MAX }), 100)
    .option(
      '--workers <count>',
      'with so many workers; default: drawn from the seed',
      integer('--workers', { min: 1, max: WORKERS_MAX }),
    )
    .option('--trace', 'tell everything that happens in the first seed, which is the only one then')
    .addHelpText(
      'after',
      examples(
        'ganglion simulate',
        'ganglion simulate --seeds 10000 -o json',
        'ganglion simulate --seed 442 --trace 2> story.txt',
      ),
    )
    .action(async ({ seed, seeds, trace = false, workers }: Flags, command: Command) => {
      if (trace && command.getOptionValueSource('seeds') === 'cli' && seeds > 1) throw oneStory(seeds);
      const count = trace ? 1 : seeds;
      if (seed + count - 1 > SEED_MAX) throw tooFar(seed, count);
      const { runSeeds } = await import('../simulate.ts');
      const fixed = workers === undefined ? [] : ['--workers', `${workers}`];
      const again = (first: number, count: number) =>
        pasteable(command, 'simulate', '--seed', `${first}`, '--seeds', `${count}`, ...fixed);
      await runSeeds(console, formatOf(command), { first: seed, count, workers, isTraced: trace, again });
    });
}

function oneStory(seeds: number): GanglionError {
  return new GanglionError({
    code: 'invalid-argument',
    message: `--trace: found it with --seeds ${seeds}; one seed is allowed.`,
    remedy: 'Name it with --seed, and leave out --seeds.',
  });
}

function tooFar(seed: number, count: number): GanglionError {
  return new GanglionError({
    code: 'invalid-argument',
    message: `--seed ${seed} with --seeds ${count} ends at ${seed + count - 1}; seeds to ${SEED_MAX} are allowed.`,
    remedy: `Write --seeds ${SEED_MAX - seed + 1}, say, or begin with a smaller --seed.`,
  });
}
