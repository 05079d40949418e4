/** What the page of an error code says beyond what the program itself knows of it. */
import type { ErrorCode } from '../../errors/errorCodes.ts';

export interface ErrorPage {
  /** What brings it about, the most usual first. */
  readonly causes: readonly string[];
  /** A command line and what it prints. `tests/integration/transcripts.test.ts` runs it. */
  readonly example: string;
  /** What to do, in this order. */
  readonly steps: readonly string[];
  /** Codes that it is taken for, and what tells them apart. */
  readonly near: Readonly<Partial<Record<ErrorCode, string>>>;
}
