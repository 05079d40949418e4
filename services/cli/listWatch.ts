/** `--watch` of a list: every row, and from then on each that changes. */
import type { Command } from 'commander';
import { type Console, note } from './console.ts';
import { pasteable, untilLeft } from './leaving.ts';
import { looks } from './looks.ts';
import { type Column, type Format, formatOf, isForPeople, renderNext, renderRows } from './output.ts';

const POLL_MS = 1_000;

export interface List<Row> {
  look(): Promise<readonly Row[]>;
  columns(nowMs: number): readonly Column<Row>[];
  name(row: Row): string;
}

/** To the end of the process, or to Ctrl-C. What left the list is told on stderr. */
export async function watchList<Row extends object>(
  console: Console,
  command: Command,
  list: List<Row>,
  everyMs = POLL_MS,
): Promise<void> {
  const words = [command.parent?.name() ?? '', command.name(), '--watch'];
  const comeBack = `\`${pasteable(command, ...words)}\` goes on with it.`;
  await untilLeft(console, comeBack, (signal) => show(console, formatOf(command), list, everyMs, signal));
}

async function show<Row extends object>(
  console: Console,
  format: Format,
  { look, columns, name }: List<Row>,
  everyMs: number,
  signal: AbortSignal,
): Promise<never> {
  const shown = new Map<string, string>();
  let isFirst = true;
  for await (const rows of looks(console, look, everyMs, signal)) {
    if (rows === undefined) continue;
    const changed = rows.filter((row) => shown.get(name(row)) !== essence(format, columns(0), row));
    console.stdout.write(render(format, rows, changed, columns(Date.now()), name, isFirst));
    for (const row of changed) shown.set(name(row), essence(format, columns(0), row));
    const here = new Set(rows.map(name));
    for (const gone of [...shown.keys()].filter((one) => !here.has(one))) {
      shown.delete(gone);
      note(console, `${gone} is gone.`);
    }
    isFirst = false;
  }
  throw new Error('looks never end');
}

/** What a change of is worth a line: all that is shown but the age. */
function essence<Row>(format: Format, columns: readonly Column<Row>[], row: Row): string {
  if (!isForPeople(format)) return JSON.stringify(row);
  const counted = columns.filter(({ title, wide }) => title !== 'AGE' && (format === 'wide' || !wide));
  return counted.map((column) => column.value(row)).join('\n');
}

/** Programs get a document a change; in a table the changed rows are as wide as the whole table would be. */
function render<Row extends object>(
  format: Format,
  rows: readonly Row[],
  changed: readonly Row[],
  columns: readonly Column<Row>[],
  name: (row: Row) => string,
  withHead: boolean,
): string {
  if (format === 'name') return renderRows('name', changed, columns, name);
  if (!isForPeople(format)) return changed.map((row) => renderNext(format, row)).join('');
  const [head, ...lines] = renderRows(format, rows, columns, name).split('\n');
  const kept = lines.filter((_, index) => changed.includes(rows[index] as Row));
  return [...(withHead ? [head] : []), ...kept].map((line) => `${line}\n`).join('');
}
