/** Where a command writes: results to stdout, everything else to stderr. Injected, so that tests need no process. */
import pc from 'picocolors';
import { type Environment, readEnvironment } from '../config/environment.ts';

export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface Console {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly environment: Environment;
  /** Set by a command that ends otherwise than with 0. */
  exitCode: number;
}

export function processConsole(): Console {
  return { stdout: process.stdout, stderr: process.stderr, environment: readEnvironment(), exitCode: 0 };
}

/** One line beside the result. */
export function note(console: Console, text: string): void {
  console.stderr.write(`${text}\n`);
}

export type Palette = ReturnType<typeof pc.createColors>;

/** Colours only on a terminal, unless NO_COLOR or CLICOLOR_FORCE say otherwise. */
export function colours(console: Console, sink: Sink): Palette {
  return pc.createColors(console.environment.color ?? sink.isTTY === true);
}
