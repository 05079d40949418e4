import { Command } from 'commander';
import type { Console } from '../console.ts';
import { examples } from '../examples.ts';
import { formatOf, printRows } from '../output.ts';

export function configCommand(console: Console): Command {
  const config = new Command('config').description('run configs: their schema and the presets');
  config
    .command('schema')
    .description('the JSON Schema of a run config; YAML with -o yaml')
    .addHelpText('after', examples('ganglion config schema > run.schema.json'))
    .action(async (_flags: object, command: Command) => {
      const { runConfigJsonSchema } = await import('../../config/schema.ts');
      const schema = runConfigJsonSchema();
      const asYaml = formatOf(command) === 'yaml';
      console.stdout.write(asYaml ? (await import('yaml')).stringify(schema) : `${JSON.stringify(schema, null, 2)}\n`);
    });
  config
    .command('presets')
    .description('the presets that `launch --preset` knows')
    .addHelpText(
      'after',
      examples('ganglion config presets', 'ganglion launch --preset mnist-quick --dry-run > run.yaml'),
    )
    .action(async (_flags: object, command: Command) => {
      const { presetNames, presetSummary } = await import('../../config/presets.ts');
      const presets = presetNames().map((name) => ({ name, summary: presetSummary(name) }));
      const columns = [
        { title: 'NAME', value: (preset: (typeof presets)[number]) => preset.name },
        { title: 'SUMMARY', value: (preset: (typeof presets)[number]) => preset.summary },
      ];
      printRows(console, formatOf(command), presets, columns, ({ name }) => name);
    });
  return config;
}
