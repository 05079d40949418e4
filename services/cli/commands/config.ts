import { Command } from 'commander';
import type { Console } from '../console.ts';
import { type Format, outputOption, printRows } from '../output.ts';

export function configCommand(console: Console): Command {
  const config = new Command('config').description('run configs: their schema and the presets');
  config
    .command('schema')
    .description('the JSON Schema of a run config')
    .action(async () => {
      const { runConfigJsonSchema } = await import('../../config/schema.ts');
      console.stdout.write(`${JSON.stringify(runConfigJsonSchema(), null, 2)}\n`);
    });
  config
    .command('presets')
    .description('the presets that `launch --preset` knows')
    .addOption(outputOption())
    .action(async ({ output }: { output: Format }) => {
      const { presetNames, presetSummary } = await import('../../config/presets.ts');
      const presets = presetNames().map((name) => ({ name, summary: presetSummary(name) }));
      const columns = [
        { title: 'NAME', value: (preset: (typeof presets)[number]) => preset.name },
        { title: 'SUMMARY', value: (preset: (typeof presets)[number]) => preset.summary },
      ];
      printRows(console, output, presets, columns, ({ name }) => name);
    });
  return config;
}
