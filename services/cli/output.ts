/** Results in the form that was asked for. A table is one row a resource, NAME first, AGE last. */
import Table from 'cli-table3';
import { type Command, Option } from 'commander';
import { stringify } from 'yaml';
import type { Console } from './console.ts';

const FORMATS = ['table', 'wide', 'json', 'jsonl', 'yaml', 'name'] as const;
export type Format = (typeof FORMATS)[number];

export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how to print the result').choices(FORMATS).default('table');
}

/** The format that a command line asks for, before or after the command's name. */
export function formatOf(command: Command): Format {
  return command.optsWithGlobals<{ output: Format }>().output;
}

/** What is not for people is for programs: they get a document, also of nothing. */
export function isForPeople(format: Format): format is 'table' | 'wide' {
  return format === 'table' || format === 'wide';
}

export interface Column<Row> {
  readonly title: string;
  /** Only in `-o wide`. */
  readonly wide?: boolean;
  value(row: Row): string;
}

/** Prints rows; `name` gives what `-o name` prints. */
export function printRows<Row>(
  console: Console,
  format: Format,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  name: (row: Row) => string,
): void {
  console.stdout.write(renderRows(format, rows, columns, name));
}

export function renderRows<Row>(
  format: Format,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  name: (row: Row) => string,
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(rows, null, 2)}\n`;
    case 'jsonl':
      return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    case 'yaml':
      return stringify(rows);
    case 'name':
      return rows.map((row) => `${name(row)}\n`).join('');
    case 'table':
    case 'wide': {
      const shown = columns.filter((column) => format === 'wide' || !column.wide);
      return plainTable(
        shown.map(({ title }) => title),
        rows.map((row) => shown.map((column) => column.value(row))),
      );
    }
  }
}

/** Prints one resource; a table of it is its fields, one a line. */
export function printOne(
  console: Console,
  format: Format,
  value: object,
  fields: readonly (readonly [string, string])[],
  name: string,
): void {
  console.stdout.write(renderOne(format, value, fields, name));
}

export function renderOne(
  format: Format,
  value: object,
  fields: readonly (readonly [string, string])[],
  name: string,
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(value, null, 2)}\n`;
    case 'jsonl':
      return `${JSON.stringify(value)}\n`;
    case 'yaml':
      return stringify(value);
    case 'name':
      return `${name}\n`;
    case 'table':
    case 'wide': {
      const width = Math.max(...fields.map(([title]) => title.length));
      return fields.map(([title, text]) => `${title.padEnd(width)}  ${text}\n`).join('');
    }
  }
}

/** One document more of a stream that has no end yet: a line of JSON, or a YAML document. */
export function renderNext(format: Exclude<Format, 'table' | 'wide' | 'name'>, value: object): string {
  return format === 'yaml' ? `---\n${stringify(value)}` : `${JSON.stringify(value)}\n`;
}

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid']
    .concat(['mid', 'mid-mid', 'right', 'right-mid'])
    .map((edge) => [edge, '']),
);

function plainTable(head: string[], rows: string[][]): string {
  const table = new Table({
    chars: { ...NO_BORDERS, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  table.push(head, ...rows);
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}
