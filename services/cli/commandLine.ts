/** A command line word by word: which command it has named so far, and whether a flag waits for its value. */
import type { Command, Option } from 'commander';
import { nearestName } from '../config/nearest.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { ambiguous, fitting } from './shortNames.ts';

export interface CommandLine {
  /** With the names of commands in full. */
  readonly words: readonly string[];
  readonly command: Command;
  /** Whose value is due. */
  readonly open: Option | undefined;
}

/** @param words behind `ganglion`. Throws `invalid-argument` for a word that is short for several commands, or behind `help` for none. */
export function readCommandLine(program: Command, words: readonly string[]): CommandLine {
  const full: string[] = [];
  let command = program;
  let open: Option | undefined;
  let isHelp = false;
  for (const [index, word] of words.entries()) {
    if (word === '--') return { words: [...full, ...words.slice(index)], command, open: undefined };
    if (open && !(open.optional && word.startsWith('-'))) {
      open = undefined;
      full.push(word);
    } else if (word.startsWith('-')) {
      open = takesValue(findOption(command, word), word);
      full.push(word);
    } else {
      const child = childOf(command, word, words[index + 1]);
      if (isHelp && child === undefined) throw unknown(command, word);
      // `help` is no command of its own: what follows it names one of those beside it, however deep.
      const isOwn = child === undefined || command.commands.includes(child);
      if (isOwn) full.push(child?.name() ?? word);
      else isHelp = true;
      if (child && isOwn) command = child;
    }
  }
  return { words: isHelp ? [...full, '--help'] : full, command, open };
}

/** `work` may be worker or workers; before `list` it is workers, since the other has no such command. */
function childOf(command: Command, word: string, next: string | undefined): Command | undefined {
  const children = childrenOf(command);
  const named = (names: readonly string[]) => children.filter((child) => names.includes(child.name()));
  const fits = named(fitting(word, children.map(nameOf)));
  if (fits.length < 2) return fits[0] ?? command.commands.find((hidden) => hidden.name() === word);
  const leading =
    next === undefined ? [] : fits.filter((child) => fitting(next, childrenOf(child).map(nameOf)).length > 0);
  if (leading.length === 1) return leading[0];
  throw ambiguous(word, fits.map(nameOf));
}

function unknown(command: Command, word: string): GanglionError {
  const nearest = nearestName(word, command.commands.map(nameOf));
  return new GanglionError({
    code: 'invalid-argument',
    message: `There is no command '${word.slice(0, 80)}'.`,
    remedy: nearest ? `Did you mean '${nearest}'?` : 'See `ganglion --help`.',
  });
}

/** With `help`, without hidden ones. */
function childrenOf(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}

function nameOf(command: Command): string {
  return command.name();
}

/** Its own, and those of the commands above it. */
export function optionsOf(command: Command): readonly Option[] {
  return command.parent ? [...command.options, ...optionsOf(command.parent)] : command.options;
}

function findOption(command: Command, word: string): Option | undefined {
  return optionsOf(command).find(({ long, short }) => word === long || word === short);
}

/** Undefined for a flag alone, and for `--flag=value`, which is complete. */
function takesValue(option: Option | undefined, word: string): Option | undefined {
  return option !== undefined && !option.isBoolean() && !word.includes('=') ? option : undefined;
}
