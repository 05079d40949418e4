/** The flags that name a run config: a file, a preset, single fields. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { RunConfig } from '../config/runConfig.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import type { Console } from './console.ts';
import { formatOf, isForPeople, printOne } from './output.ts';

export interface ConfigFlags {
  file?: string;
  preset?: string;
  set: string[];
}

export function withConfigFlags(command: Command): Command {
  return command
    .option('-f, --file <run.yaml>', 'run config; - reads standard input')
    .option('--preset <name>', 'start from a preset (see `ganglion config presets`)')
    .option(
      '--set <a.b=value>',
      'set one field, null takes it away; may be given again',
      (one, all: string[]) => [...all, one],
      [],
    );
}

/** The resolved config that the flags name. @param command as error messages call it */
export async function configFromFlags(console: Console, flags: ConfigFlags, command: string): Promise<RunConfig> {
  const { resolveRunConfig } = await import('../config/resolve.ts');
  const { input, source } = await inputFromFlags(console, flags, command);
  return resolveRunConfig(input, source);
}

/** What the flags name, before it is checked, and what error messages call it. */
export async function inputFromFlags(
  console: Console,
  { file, preset, set }: ConfigFlags,
  command: string,
): Promise<{ input: unknown; source: string }> {
  if (file === undefined && preset === undefined) {
    throw new GanglionError({
      code: 'invalid-argument',
      message: `${command}: neither a file nor a preset was given.`,
      remedy: `Write \`ganglion ${command} -f run.yaml\` or \`ganglion ${command} --preset mnist-quick\`.`,
    });
  }
  const { parseYaml } = await import('../config/resolve.ts');
  const { applySettings } = await import('../config/settings.ts');
  const { loadPreset } = await import('../config/presets.ts');
  const base = preset === undefined ? {} : loadPreset(preset);
  const source = file === undefined ? `preset ${preset}` : file === '-' ? 'standard input' : file;
  const own = file === undefined ? {} : parseYaml(await readConfigText(console, file), source);
  // Whatever is no section is left as it is, for the validation to say so.
  const merged = isSection(base) && isSection(own) ? { ...base, ...own } : own;
  const input = isSection(merged) ? applySettings(merged, set) : merged;
  return { input, source: set.length > 0 ? `${source} with --set` : source };
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** People get the YAML as it is, with its comments. */
export async function printConfig(console: Console, command: Command, yaml: string): Promise<void> {
  const format = formatOf(command);
  if (isForPeople(format)) return void console.stdout.write(yaml);
  const { parseYaml } = await import('../config/resolve.ts');
  const config = parseYaml(yaml, 'the config') as { name: string };
  printOne(console, format, config, [], config.name);
}

/** @param file `-` reads standard input. */
export async function readConfigText(console: Console, file: string): Promise<string> {
  if (file === '-') return text(console.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new GanglionError({
      code: 'invalid-argument',
      message: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      remedy: 'Name a YAML file that is there, or - for standard input.',
      cause: error,
    });
  }
}
