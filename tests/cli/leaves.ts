/** The commands that do something, as the program declares them. */
import type { Command } from 'commander';
import { createProgram } from '../../services/cli/program.ts';
import { fakeConsole } from './fakeConsole.ts';

export function leaves(command: Command = createProgram(fakeConsole())): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap((child) => leaves(child));
}

/** In full, without `ganglion`. */
export function nameOf(command: Command): string {
  return command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();
}
