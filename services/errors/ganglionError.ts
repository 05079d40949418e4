import type { ErrorCode } from './errorCodes.ts';

export interface ErrorDetails {
  readonly code: ErrorCode;
  /** One sentence: what was found, and what is allowed. */
  readonly message: string;
  /** One sentence: what the person should do next. */
  readonly remedy: string;
  readonly cause?: unknown;
}

/** An error of the world (never of our own code, which has `invariant`): it always says what to do next. */
export class GanglionError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'GanglionError';
    this.code = details.code;
    this.remedy = details.remedy;
  }
}

/** The sentence and the remedy as one line for a terminal or a log. */
export function describeError(error: unknown): string {
  if (error instanceof GanglionError) return `${error.message} ${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
}
