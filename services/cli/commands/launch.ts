import { Command } from 'commander';
import type { RunConfig } from '../../config/runConfig.ts';
import { withClient } from '../client.ts';
import { type ConfigFlags, configFromFlags, withConfigFlags } from '../configFlags.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import { formatOf, printOne } from '../output.ts';
import { printRun } from '../runFields.ts';

interface Flags extends ConfigFlags {
  watch?: boolean;
  dryRun?: boolean;
}

export function launchCommand(console: Console): Command {
  const launch = new Command('launch').description(
    'launch a run from a YAML file, a preset, or both (a section of the file replaces the preset’s)',
  );
  return withConfigFlags(launch)
    .option('--watch', 'follow the run; the exit code is its own')
    .option('--dry-run', 'check and print the resolved config; create nothing, ask no coordinator')
    .addHelpText(
      'after',
      examples(
        'ganglion launch --preset mnist-quick --watch',
        'ganglion launch -f run.yaml --set batchSize=64 --set generator.layers.0.units=128',
        'ganglion launch --preset mnist-quick --set phases=null --set epochs=3 --dry-run',
        'ganglion launch -f run.yaml -o name   # only the new run’s name',
      ),
    )
    .action(async (flags: Flags, command: Command) => {
      const config = await configFromFlags(console, flags, 'launch');
      const { toYaml } = await import('../../config/resolve.ts');
      if (flags.dryRun) return printConfig(console, command, config, toYaml(config));
      await withClient(command, async (client) => {
        const created = await client.createRun(toYaml(config), false);
        if (!flags.watch) return printRun(console, formatOf(command), created);
        note(console, `launched ${created.runId} in ${created.folder}`);
        const { watchToEnd } = await import('../watch.ts');
        const state = await watchToEnd(console, client, created.runId);
        if (state) printRun(console, formatOf(command), await client.getRun(created.runId));
      });
    });
}

function printConfig(console: Console, command: Command, config: RunConfig, yaml: string): void {
  const format = formatOf(command);
  if (format === 'table' || format === 'wide') console.stdout.write(yaml);
  else printOne(console, format, config, [], config.name);
}
