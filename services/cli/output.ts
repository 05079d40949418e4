/** Results in the form that was asked for. A table is one row a resource, NAME first, AGE last. */
import Table from 'cli-table3';
import { Option } from 'commander';
import { stringify } from 'yaml';
import type { Console } from './console.ts';

export const FORMATS = ['table', 'wide', 'json', 'yaml', 'name'] as const;
export type Format = (typeof FORMATS)[number];

export function outputOption(): Option {
  return new Option('-o, --output <format>', 'how to print the result').choices(FORMATS).default('table');
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
  console.stdout.write(render(format, rows, columns, name));
}

export function render<Row>(
  format: Format,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  name: (row: Row) => string,
): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(rows, null, 2)}\n`;
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
export function printOne(console: Console, format: Format, value: object, fields: [string, string][], name: string): void {
  switch (format) {
    case 'json':
      console.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
      return;
    case 'yaml':
      console.stdout.write(stringify(value));
      return;
    case 'name':
      console.stdout.write(`${name}\n`);
      return;
    case 'table':
    case 'wide': {
      const width = Math.max(...fields.map(([title]) => title.length));
      console.stdout.write(fields.map(([title, text]) => `${title.padEnd(width)}  ${text}\n`).join(''));
    }
  }
}

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid']
    .concat(['mid', 'mid-mid', 'right', 'right-mid'])
    .map((edge) => [edge, '']),
);

function plainTable(head: string[], rows: string[][]): string {
  const table = new Table({
    chars: { ...NO_BORDERS, middle: '   ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  table.push(head, ...rows);
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}
