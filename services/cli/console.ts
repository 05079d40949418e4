/** Where a command reads and writes: results to stdout, everything else to stderr. Injected, so that tests need no process. */
import type { Readable, Writable } from 'node:stream';
import pc from 'picocolors';
import { type Environment, readEnvironment } from '../config/environment.ts';

export type Sink = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export interface Console {
  readonly stdin: Readable;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly environment: Environment;
  /** Set by a command that ends otherwise than with 0. */
  exitCode: number;
}

/** Throws `invalid-argument` where a variable of the environment is wrong. */
export function processConsole(): Console {
  const { stdin, stdout, stderr } = process;
  return { stdin, stdout, stderr, environment: readEnvironment(), exitCode: 0 };
}

/** One line beside the result. */
export function note(console: Pick<Console, 'stderr'>, text: string): void {
  console.stderr.write(`${text}\n`);
}

export type Palette = ReturnType<typeof pc.createColors>;

/** Colours only on a terminal that has them, unless NO_COLOR or CLICOLOR_FORCE say otherwise. */
export function colours(console: Console, sink: Sink): Palette {
  return pc.createColors(console.environment.color ?? (sink.isTTY === true && !console.environment.isDumbTerminal));
}

/** Width of the terminal: COLUMNS, what the terminal says, or 80. */
export function columnsOf(console: Console, sink: Sink): number {
  return console.environment.columns ?? sink.columns ?? 80;
}
