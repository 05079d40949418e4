/** An error as a person sees it: one sentence, and what to do next. */
import { pageOfCode } from '../errors/errorCodes.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import type { Console } from './console.ts';

/** `ganglion: <sentence>`, the remedy and the code with its page below; the stack only where the log level asks for it. */
export function errorText(error: unknown, logLevel: Console['environment']['logLevel']): string {
  const stack = (logLevel === 'debug' || logLevel === 'trace') && error instanceof Error ? `${error.stack}\n` : '';
  const code = error instanceof GanglionError ? `  ${error.code}: ${pageOfCode(error.code)}\n` : '';
  return `ganglion: ${sentence(error)}\n  ${remedy(error)}\n${code}${stack}`;
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function remedy(error: unknown): string {
  if (error instanceof GanglionError) return error.remedy;
  return 'This is a bug of Ganglion: GANGLION_LOG_LEVEL=debug shows where; please report it.';
}
