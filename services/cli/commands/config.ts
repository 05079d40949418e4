import { Command } from 'commander';
import type { Explanation } from '../../config/explain.ts';
import { printConfig, readConfigText } from '../configFlags.ts';
import type { Console } from '../console.ts';
import type { Preset, ValidConfig } from '../documents.ts';
import { examples } from '../examples.ts';
import { type Column, formatOf, isForPeople, printOne, printRows } from '../output.ts';

export function configCommand(console: Console): Command {
  const config = new Command('config').description(
    'run configs: one to start from, whether one is right, what a field means',
  );
  init(console, config);
  validate(console, config);
  explain(console, config);
  config
    .command('schema')
    .description('the JSON Schema of a run config, as JSON where -o says nothing else')
    .addHelpText('after', examples('ganglion config schema > run.schema.json'))
    .action(async (_flags: object, command: Command) => {
      const { runConfigJsonSchema } = await import('../../config/schema.ts');
      const schema = runConfigJsonSchema();
      const format = formatOf(command);
      printOne(console, isForPeople(format) ? 'json' : format, schema, [], schema.title);
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
      const presets = presetNames().map((name): Preset => ({ name, summary: presetSummary(name) }));
      printRows(console, formatOf(command), presets, PRESET_COLUMNS, ({ name }) => name);
    });
  return config;
}

function init(console: Console, config: Command): void {
  config
    .command('init [preset]')
    .description('a run config to start from: a preset in YAML, with what each field means')
    .addHelpText('after', examples('ganglion config init > run.yaml', 'ganglion config init mnist-dcgan > run.yaml'))
    .action(async (preset: string | undefined, _flags: object, command: Command) => {
      const { commentedPreset } = await import('../../config/commentedPreset.ts');
      await printConfig(console, command, commentedPreset(preset ?? 'mnist-quick'));
    });
}

function validate(console: Console, config: Command): void {
  config
    .command('validate <run.yaml>')
    .description(
      'check a run config as a launch does: fields, rules, and the networks against the data; - reads standard input',
    )
    .addHelpText('after', examples('ganglion config validate run.yaml', 'ganglion config validate - < run.yaml'))
    .action(async (file: string, _flags: object, command: Command) => {
      const { parseYaml, resolveRunConfig } = await import('../../config/resolve.ts');
      const source = file === '-' ? 'standard input' : file;
      const resolved = resolveRunConfig(parseYaml(await readConfigText(console, file), source), source);
      const { RunFiles } = await import('../../coordinator/runFiles.ts');
      const { totalPhases } = await import('../../plan/phasePlan.ts');
      const { size: samples } = RunFiles.check(resolved);
      const phases = totalPhases(resolved, samples);
      const found: ValidConfig = { file: source, valid: true, name: resolved.name, samples, phases };
      const fields = [['VALID', `${source}: ${phases} phases over ${samples} samples`]] as const;
      printOne(console, formatOf(command), found, fields, resolved.name);
    });
}

function explain(console: Console, config: Command): void {
  config
    .command('explain [field]')
    .description('what a field may be, what it is where it is left out, and what it means')
    .addHelpText(
      'after',
      examples(
        'ganglion config explain',
        'ganglion config explain optimizer.generator.beta1',
        'ganglion config explain generator.layers.conv.padding',
      ),
    )
    .action(async (field: string | undefined, _flags: object, command: Command) => {
      const { explainField } = await import('../../config/explain.ts');
      const explained = explainField(field ?? '');
      const format = formatOf(command);
      if (!isForPeople(format)) {
        return printRows(console, format, explained, [], () => field ?? '');
      }
      console.stdout.write(explained.map((one) => explanationText(field ?? '', one)).join('\n'));
      const [section] = explained;
      if (explained.length !== 1 || section === undefined || section.fields.length === 0) return;
      const inner = section.fields.flatMap((name) =>
        explainField(field === undefined ? name : `${field}.${name}`).map((one) => ({ name, ...one })),
      );
      console.stdout.write('\n');
      printRows(console, format, inner, FIELD_COLUMNS, ({ name }) => name);
    });
}

function explanationText(field: string, { where, allowed, default: value, meaning }: Explanation): string {
  const lines = [
    field === '' ? ['FIELD', 'a run config'] : ['FIELD', where.length === 0 ? field : `${field} (${where.join('; ')})`],
    ['ALLOWED', allowed],
    ...(value === undefined ? [] : [['DEFAULT', value]]),
    ...(meaning === '' ? [] : [['MEANING', meaning]]),
  ];
  return lines.map(([title = '', text]) => `${title.padEnd(7)}  ${text}\n`).join('');
}

const PRESET_COLUMNS: readonly Column<Preset>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'SUMMARY', value: ({ summary }) => summary },
];

const FIELD_COLUMNS: readonly Column<Explanation & { readonly name: string }>[] = [
  { title: 'NAME', value: ({ name }) => name },
  { title: 'DEFAULT', value: ({ default: value }) => value ?? '–' },
  { title: 'ALLOWED', wide: true, value: ({ allowed }) => allowed },
  { title: 'MEANING', value: ({ meaning, allowed }) => meaning || allowed },
];
