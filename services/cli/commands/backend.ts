import { Command } from 'commander';
import { type Console, note } from '../console.ts';
import type { Install } from '../documents.ts';
import { examples } from '../examples.ts';
import { formatOf, isForPeople, printOne } from '../output.ts';

export function backendCommand(console: Console): Command {
  const backend = new Command('backend').description('the library that computes');
  backend
    .command('install')
    .description('provision libtensorflow and build the addon that tfjs calls it through')
    .option('--gpu', 'the CUDA 12 build')
    .option('--from <path>', 'a wheel, an unpacked wheel (site-packages), or a folder with lib/ and include/')
    .addHelpText(
      'after',
      examples('ganglion backend install', 'ganglion backend install --gpu --from ./tensorflow.whl'),
    )
    .action(async ({ gpu, from }: { gpu?: boolean; from?: string }, command: Command) => {
      const { installBackend } = await import('../../backend/install.ts');
      const report = await installBackend({ gpu: gpu === true, from, log: (line) => note(console, line) });
      const seconds = (report.elapsedMs / 1000).toFixed(1);
      note(console, report.outcome === 'installed' ? `installed in ${seconds} s` : 'already installed');
      const { outcome, folder, stamp } = report;
      const format = formatOf(command);
      const installed: Install = { outcome, folder, ...stamp };
      if (!isForPeople(format)) printOne(console, format, installed, [], folder);
    });
  return backend;
}
