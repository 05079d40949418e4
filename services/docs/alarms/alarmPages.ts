/** A page for each alarm, and the table of all: what it judges and when, out of the schema; what people do, out of its rule. */
import { runConfigJsonSchema } from '../../config/schema.ts';
import type { Rule } from '../../illness/rule.ts';
import { RULES } from '../../illness/watch.ts';
import { fieldTable, type Schema } from '../configReference.ts';
import { bullets, numbered, table } from '../markdown.ts';
import { alarmExample } from './alarmExample.ts';
import { ALARM_NOTES } from './alarmNotes.ts';

const HEAD = `# Alarms, and what to do

A run that goes wrong says so: in \`runs watch\`, \`runs get\` and the log, on NATS (\`ganglion.v1.runs.<runId>.alarm\`) and as \`ganglion_alarm{run,alarm}\` in Prometheus. An alarm ends nothing and changes no bit; it is
raised once, and cleared when it is over. Thresholds are in the run config, \`alarms.<name>\`; \`off\` takes one away. Two of them wake somebody up: [alerts](alerts.md). Made by \`npm run generate\`; do not edit.
`;

export function alarmIndex(): string {
  const rows = RULES.map(({ name }) => [`[${name}](alarms/${name}.md)`, schemaOf(name).description ?? '']);
  return [HEAD, ...table(['alarm', 'it saw'], rows), ''].join('\n');
}

/** By their file names in docs/. */
export function alarmPages(): Readonly<Record<string, () => string>> {
  return Object.fromEntries(RULES.map((rule) => [`alarms/${rule.name}.md`, () => alarmPage(rule)]));
}

function alarmPage({ name, advice }: Rule): string {
  const { description = '', anyOf = [] } = schemaOf(name);
  const { means, look, harmless } = ALARM_NOTES[name];
  return [
    `# ${name}`,
    '',
    description,
    means,
    '',
    ...['```text', `Alarm  ${alarmExample(name)}`, '```', ''],
    ...['## Look', '', ...numbered(look), ''],
    ...['## What people usually do', '', ...bullets(advice.split(/(?<=\.) (?=[A-Z])/)), ''],
    ...['## When nothing is wrong', '', harmless, ''],
    ...[`## Thresholds: \`alarms.${name}\``, '', ...thresholds(anyOf), ''],
    'Made by `npm run generate`; do not edit. [All alarms](../alarms.md).',
    '',
  ].join('\n');
}

function schemaOf(name: string): Schema {
  const { properties } = runConfigJsonSchema() as Schema;
  const fields = properties?.alarms?.anyOf?.find((option) => option.properties !== undefined)?.properties ?? {};
  return fields[name] ?? {};
}

/** Of its section; what is in a section of that by its path. */
function thresholds(options: readonly Schema[]): string[] {
  const { properties = {} } = options.find((option) => option.properties !== undefined) ?? {};
  const fields = Object.entries(properties).flatMap(([name, field]) =>
    Object.entries(field.properties ?? { '': field }).map(([inner, it]) => [
      inner === '' ? name : `${name}.${inner}`,
      it,
    ]),
  );
  return fieldTable({ properties: Object.fromEntries(fields) });
}
