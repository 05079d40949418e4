import { Command } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import { withClient } from '../client.ts';
import type { Console } from '../console.ts';
import { examples } from '../examples.ts';
import { integer } from '../integer.ts';
import { formatOf } from '../output.ts';
import { namedRun } from '../shortNames.ts';

interface Flags {
  menu: string;
  rate: number;
  for: number;
  lasting: number;
  seed: number;
  yesBreakThings?: boolean;
}

export function chaosCommand(console: Console): Command {
  return new Command('chaos')
    .description('break a staging cluster on purpose while a run trains; what was killed, its supervisor starts again')
    .argument('<run>')
    .option(
      '--menu <kinds>',
      'kill, stop, partition, slow, corrupt, nan, coordinator',
      'kill,stop,partition,slow,corrupt',
    )
    .option('--rate <per-minute>', 'faults a minute', integer('--rate', { min: 1, max: 600 }), 6)
    .option('--for <seconds>', 'how long', integer('--for', { min: 1, max: 604_800 }), 60)
    .option(
      '--lasting <ms>',
      'how long a stop, a partition or a slow road lasts',
      integer('--lasting', LASTING_MS),
      3_000,
    )
    .option('--seed <n>', 'the same seed chooses the same faults', integer('--seed', { min: 0, max: 2 ** 31 }), 0)
    .option('--yes-break-things', 'without it nothing is broken')
    .addHelpText(
      'after',
      examples(
        'ganglion chaos mnist-quick-1 --yes-break-things',
        'ganglion chaos mnist-quick-1 --menu kill,coordinator --rate 12 --for 300 --yes-break-things',
      ),
    )
    .action(async (runId: string, flags: Flags, command: Command) => {
      if (!flags.yesBreakThings) {
        throw new GanglionError({
          code: 'refused',
          message: `chaos would break the cluster that ${runId} trains on; nothing was done.`,
          remedy: 'On a cluster that may break, say --yes-break-things.',
        });
      }
      const { chaos, menuOf } = await import('../chaos.ts');
      const plan = {
        menu: menuOf(flags.menu),
        intervalMs: 60_000 / flags.rate,
        forMs: flags.for * 1_000,
        lastingMs: flags.lasting,
        seed: flags.seed,
      };
      await withClient(console, command, async (client) =>
        chaos(console, formatOf(command), client, (await namedRun(client, runId)).runId, plan),
      );
    });
}

const LASTING_MS = { min: 1, max: 600_000 };
