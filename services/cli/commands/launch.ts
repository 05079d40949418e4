import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { GanglionError } from '../../errors/ganglionError.ts';
import type { RunView } from '../../report/runView.ts';
import { withClient } from '../client.ts';
import { type Console, note } from '../console.ts';
import { exitCodeOfState } from '../exitCode.ts';
import { type Format, outputOption, printOne } from '../output.ts';
import { describeRun } from '../runFields.ts';
import { watchRun } from '../watch.ts';

interface Flags {
  file?: string;
  preset?: string;
  set: string[];
  watch?: boolean;
  dryRun?: boolean;
  output: Format;
}

export function launchCommand(console: Console): Command {
  return new Command('launch')
    .description('launch a run from a YAML file, a preset, or both (the file wins)')
    .option('-f, --file <run.yaml>', 'run config; - reads standard input')
    .option('--preset <name>', 'start from a preset (see `ganglion config presets`)')
    .option('--set <a.b=value>', 'set one field; may be given again', (value, all: string[]) => [...all, value], [])
    .option('--watch', 'follow the run; the exit code is its own')
    .option('--dry-run', 'check and print the resolved config; create nothing, ask no coordinator')
    .addOption(outputOption())
    .action(async (flags: Flags, command: Command) => {
      const yaml = await resolvedYaml(flags);
      if (flags.dryRun) {
        console.stdout.write(yaml);
        return;
      }
      await withClient(command, async (client) => {
        const created = await client.createRun(yaml, false);
        if (!flags.watch) return printRun(console, flags.output, created);
        note(console, `launched ${created.runId} in ${created.folder}`);
        const state = await watchRun(console, client, created.runId);
        printRun(console, flags.output, await client.getRun(created.runId));
        console.exitCode = exitCodeOfState(state);
      });
    });
}

async function resolvedYaml(flags: Flags): Promise<string> {
  const { applySettings, parseYaml, resolveRunConfig, toYaml } = await import('../../config/resolve.ts');
  const { loadPreset } = await import('../../config/presets.ts');
  if (flags.file === undefined && flags.preset === undefined) {
    throw new GanglionError({
      code: 'invalid-argument',
      message: 'launch: neither a file nor a preset was given.',
      remedy: 'Write `ganglion launch -f run.yaml` or `ganglion launch --preset mnist-quick`.',
    });
  }
  const preset = flags.preset === undefined ? {} : loadPreset(flags.preset);
  const source = flags.file === '-' ? 'standard input' : (flags.file ?? `preset ${flags.preset}`);
  const file = flags.file === undefined ? {} : parseYaml(await readText(flags.file), source);
  if (typeof file !== 'object' || file === null || Array.isArray(file)) {
    throw new GanglionError({
      code: 'invalid-config',
      message: `${source}: a run config is a mapping of fields, this is not.`,
      remedy: 'See `ganglion config schema`, or start from `ganglion launch --preset mnist-quick --dry-run`.',
    });
  }
  const input = applySettings({ ...(preset as object), ...file }, flags.set);
  return toYaml(resolveRunConfig(input, source));
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file === '-' ? '/dev/stdin' : file, 'utf8');
  } catch (error) {
    throw new GanglionError({
      code: 'invalid-argument',
      message: `${file} cannot be read: ${(error as Error).message}.`,
      remedy: 'Name an existing YAML file with -f.',
      cause: error,
    });
  }
}

function printRun(console: Console, format: Format, run: RunView): void {
  printOne(console, format, run, describeRun(run, Date.now()), run.runId);
}
