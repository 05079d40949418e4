/** Ctrl-C on what only looks: it ends the looking, never what is looked at, and says how to come back. */
import type { Command } from 'commander';
import { type Console, note } from './console.ts';
import { EXIT } from './exitCode.ts';
import { listenForSignals } from './signals.ts';

const LEFT = Symbol('left');

/** Undefined where Ctrl-C came first: `comeBack` is told then. What `look` goes on with after that is lost. */
export async function untilLeft<Seen>(
  console: Console,
  comeBack: string,
  look: (signal: AbortSignal) => Promise<Seen>,
): Promise<Seen | undefined> {
  const interruption = listenForSignals();
  try {
    const seen = await Promise.race([look(interruption.signal), interruption.asked.then(() => LEFT)]);
    if (seen !== LEFT) return seen as Seen;
    note(console, `\n${comeBack}`);
    console.exitCode = EXIT.interrupted;
    return undefined;
  } finally {
    interruption.release();
  }
}

/** A command line that can be pasted: `ganglion`, these words, and the global flags as they were given to this command. */
export function pasteable(command: Command, ...words: readonly string[]): string {
  let program = command;
  while (program.parent) program = program.parent;
  const values = command.optsWithGlobals<Record<string, unknown>>();
  const given = program.options.flatMap((option) => {
    const name = option.attributeName();
    const isGiven = command.getOptionValueSourceWithGlobals(name) === 'cli';
    return isGiven && option.long ? [option.long, String(values[name])] : [];
  });
  return ['ganglion', ...words, ...given].map(quoted).join(' ');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
