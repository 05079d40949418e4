/** What a shell script can rely on; documented in `ganglion --help`. */
import { CommanderError } from 'commander';
import { ERROR_CODES } from '../errors/errorCodes.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import type { RunState } from '../report/runEvent.ts';

/** `interrupted` is what shells give a program that Ctrl-C ended: 128 + SIGINT. */
export const EXIT = { done: 0, error: 1, usage: 2, runFailed: 3, unreachable: 4, denied: 5, interrupted: 130 } as const;

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  return error instanceof GanglionError ? ERROR_CODES[error.code].exitCode : EXIT.error;
}

/** A watched run's final state as an exit code. */
export function exitCodeOfState(state: RunState): number {
  return state === 'failed' || state === 'cancelled' ? EXIT.runFailed : EXIT.done;
}
