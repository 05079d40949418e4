import { Command } from 'commander';
import type { Console } from '../console.ts';
import { examples } from '../examples.ts';
import { integer } from '../integer.ts';
import { formatOf } from '../output.ts';

export interface QuickstartFlags {
  preset: string;
  workers?: number;
  set: string[];
  dataDir: string;
}

export function quickstartCommand(console: Console): Command {
  return new Command('quickstart')
    .description('train a small GAN on MNIST here: a coordinator, two workers, a progress bar, pictures')
    .option('--preset <name>', 'what to train', 'mnist-quick')
    .option('--workers <count>', 'worker processes; default: the preset’s', integer('--workers', { min: 1, max: 64 }))
    .option(
      '--set <a.b=value>',
      'set one field, null takes it away; may be given again',
      (one, all: string[]) => [...all, one],
      [],
    )
    .option('--data-dir <folder>', 'run folders and the journal', console.environment.dataDir)
    .addHelpText(
      'after',
      examples(
        'ganglion quickstart',
        'ganglion quickstart --workers 3 --set phases=1000',
        'ganglion quickstart --preset mnist-paper',
      ),
    )
    .action(async (flags: QuickstartFlags, command: Command) => {
      const { quickstart } = await import('../quickstart.ts');
      await quickstart(console, formatOf(command), flags);
    });
}
