import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import type { RunConfig } from '../../config/runConfig.ts';
import { GanglionError } from '../../errors/ganglionError.ts';
import { withClient } from '../client.ts';
import { type Console, note } from '../console.ts';
import { examples } from '../examples.ts';
import { formatOf } from '../output.ts';
import { printRun } from '../runFields.ts';

interface Flags {
  file?: string;
  preset?: string;
  set: string[];
  watch?: boolean;
  dryRun?: boolean;
}

export function launchCommand(console: Console): Command {
  return new Command('launch')
    .description('launch a run from a YAML file, a preset, or both (a section of the file replaces the preset’s)')
    .option('-f, --file <run.yaml>', 'run config; - reads standard input')
    .option('--preset <name>', 'start from a preset (see `ganglion config presets`)')
    .option(
      '--set <a.b=value>',
      'set one field, null takes it away; may be given again',
      (one, all: string[]) => [...all, one],
      [],
    )
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
      const config = await resolvedConfig(console, flags);
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
  if (format === 'json') console.stdout.write(`${JSON.stringify(config, null, 2)}\n`);
  else if (format === 'name') console.stdout.write(`${config.name}\n`);
  else console.stdout.write(yaml);
}

async function resolvedConfig(console: Console, { file, preset, set }: Flags): Promise<RunConfig> {
  if (file === undefined && preset === undefined) {
    throw new GanglionError({
      code: 'invalid-argument',
      message: 'launch: neither a file nor a preset was given.',
      remedy: 'Write `ganglion launch -f run.yaml` or `ganglion launch --preset mnist-quick`.',
    });
  }
  const { parseYaml, resolveRunConfig } = await import('../../config/resolve.ts');
  const { applySettings } = await import('../../config/settings.ts');
  const { loadPreset } = await import('../../config/presets.ts');
  const base = preset === undefined ? {} : loadPreset(preset);
  const source = file === undefined ? `preset ${preset}` : file === '-' ? 'standard input' : file;
  const own = file === undefined ? {} : parseYaml(await readConfigText(console, file), source);
  // Whatever is no section is left as it is, for the validation to say so.
  const merged = isSection(base) && isSection(own) ? { ...base, ...own } : own;
  const input = isSection(merged) ? applySettings(merged, set) : merged;
  return resolveRunConfig(input, set.length > 0 ? `${source} with --set` : source);
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function readConfigText(console: Console, file: string): Promise<string> {
  if (file === '-') return text(console.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new GanglionError({
      code: 'invalid-argument',
      message: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      remedy: 'Name an existing YAML file with -f.',
      cause: error,
    });
  }
}
