/** What a command wrote into files: a line beside the result for people, their names and sizes as the result for programs. */
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Console, note } from './console.ts';
import { formatOf, isForPeople, printRows } from './output.ts';

export async function tellWritten(console: Console, command: Command, files: readonly string[]): Promise<void> {
  note(console, `wrote ${files.join(', ')}`);
  const format = formatOf(command);
  if (isForPeople(format)) return;
  const rows = await Promise.all(files.map(async (name) => ({ name, sizeBytes: (await stat(name)).size })));
  printRows(console, format, rows, [], ({ name }) => name);
}
