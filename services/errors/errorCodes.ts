/** What can go wrong, as words that a program can switch on: what each means, and what the CLI's exit code is then. Each has its page in docs/errors. */

export interface ErrorKind {
  readonly means: string;
  /** Of `ganglion`: 1 error, 2 wrong usage or config, 3 the run failed, 4 the coordinator cannot be reached, 5 it does not let you in. */
  readonly exitCode: 1 | 2 | 3 | 4 | 5;
}

export const ERROR_CODES = {
  'invalid-config': {
    means:
      'A run config says what no run can have: an unknown field, a value out of its range, layers that do not fit each other. Nothing was started.',
    exitCode: 2,
  },
  'invalid-argument': {
    means: 'A flag, an argument or a variable of the environment has a value that is not allowed.',
    exitCode: 2,
  },
  'not-found': {
    means: 'A run, a worker, a checkpoint or a file that was named is not there.',
    exitCode: 1,
  },
  'already-exists': {
    means: 'Something of that name is there, and is not overwritten.',
    exitCode: 1,
  },
  'wrong-state': {
    means: 'A run cannot be asked this in the state it is in: a completed one cannot be paused, say.',
    exitCode: 1,
  },
  unreachable: {
    means: 'Nobody answers at the address of the coordinator, or of a worker, within the time-out.',
    exitCode: 4,
  },
  'protocol-mismatch': {
    means: 'The other side speaks another version of the protocol, or a file is of another version of its form.',
    exitCode: 1,
  },
  refused: {
    means:
      'The other side understood and said no: a frame that does not fit its seal, a worker that may not take part, a fault on purpose where none are allowed.',
    exitCode: 1,
  },
  unauthenticated: {
    means:
      'One side does not know the other: no certificate or token was shown, or one that has expired or is of another CA. The sentence says which.',
    exitCode: 5,
  },
  forbidden: {
    means: 'The caller is known, and its role may not do this.',
    exitCode: 5,
  },
  'port-in-use': {
    means: 'Another program listens on that port.',
    exitCode: 1,
  },
  disk: {
    means: 'The disk is full or does not let itself be read or written. Checkpoints and journal stay whole.',
    exitCode: 1,
  },
  corrupt: {
    means:
      'Bytes are not those that were written: a hash differs, a file ends too early, a journal has a record that none wrote.',
    exitCode: 1,
  },
  dataset: {
    means: 'A data set is missing or broken; the file, the offset and the reason are named.',
    exitCode: 1,
  },
  backend: {
    means: 'The library that computes cannot be loaded, built or used.',
    exitCode: 1,
  },
  'run-failed': {
    means: 'The run ended as failed or cancelled.',
    exitCode: 3,
  },
  aborted: {
    means:
      'What went on was stopped: by a signal, by the end of a connection, since its generation ended, or since its time was up.',
    exitCode: 1,
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Where a code is explained, in this repository and in the package. */
export function pageOfCode(code: ErrorCode): string {
  return `docs/errors/${code}.md`;
}
