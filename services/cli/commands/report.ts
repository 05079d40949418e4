import { Command } from 'commander';
import { saveBytes } from '../artifactFile.ts';
import type { Console } from '../console.ts';
import { examples } from '../examples.ts';
import { withRunFolder } from '../runTarget.ts';
import { tellWritten } from '../written.ts';

export function reportCommand(console: Console): Command {
  return new Command('report')
    .description(
      'a run as one HTML file: curves, pictures, timeline, hashes, config; for light and dark, without scripts',
    )
    .argument('<run|folder>', 'a run, or a run folder')
    .option('--to <file.html>', 'the file', 'report.html')
    .addHelpText(
      'after',
      examples('ganglion report mnist-quick-1', 'ganglion report ./runs/mnist-quick-1 --to mnist-quick-1.html'),
    )
    .action(async (target: string, { to }: { to: string }, command: Command) => {
      const { readRunHistory } = await import('../../page/runHistory.ts');
      const { runPage } = await import('../../page/runPage.ts');
      const page = await withRunFolder(console, command, target, allButStates, async (folder) =>
        runPage(await readRunHistory(folder)),
      );
      await saveBytes(Buffer.from(page), to);
      await tellWritten(console, command, [to]);
    });
}

/** Weights are large, and a report tells their hashes only; TensorBoard's file has what the history has. */
function allButStates(names: readonly string[]): readonly string[] {
  return names.filter((name) => !name.endsWith('.safetensors') && !name.startsWith('tensorboard/'));
}
