/** What can go wrong, as words that a program can switch on: what each means, and what the CLI's exit code is then. */

export interface ErrorKind {
  readonly means: string;
  /** What people usually do. */
  readonly usually: string;
  /** Of `ganglion`: 1 error, 2 wrong usage or config, 3 the run failed, 4 the coordinator cannot be reached, 5 it does not let you in. */
  readonly exitCode: 1 | 2 | 3 | 4 | 5;
}

export const ERROR_CODES = {
  'invalid-config': {
    means:
      'A run config says what no run can have: an unknown field, a value out of its range, layers that do not fit each other. Nothing was started.',
    usually:
      'correct the fields that the sentences name; `ganglion launch --dry-run` checks without launching, `docs/config.md` has every field.',
    exitCode: 2,
  },
  'invalid-argument': {
    means: 'A flag, an argument or a variable of the environment has a value that is not allowed.',
    usually: 'read the command’s `--help`, which names what is.',
    exitCode: 2,
  },
  'not-found': {
    means: 'A run, a worker, a checkpoint or a file that was named is not there.',
    usually: 'list what is: `ganglion runs list`, `ganglion workers list`, `ganglion checkpoints list RUN`.',
    exitCode: 1,
  },
  'already-exists': {
    means: 'Something of that name is there, and is not overwritten.',
    usually: 'choose another name, or move what is there.',
    exitCode: 1,
  },
  'wrong-state': {
    means: 'A run cannot be asked this in the state it is in: a completed one cannot be paused, say.',
    usually: 'look at `ganglion runs get RUN`, which says the state and why.',
    exitCode: 1,
  },
  unreachable: {
    means: 'Nobody answers at the address of the coordinator, or of a worker, within the time-out.',
    usually:
      'check that it runs and that `--coordinator` (or GANGLION_COORDINATOR) names it; on a cluster, forward its port.',
    exitCode: 4,
  },
  'protocol-mismatch': {
    means: 'The other side speaks another version of the protocol, or a file is of another version of its form.',
    usually: 'use one version of Ganglion for coordinator, workers and CLI.',
    exitCode: 1,
  },
  refused: {
    means:
      'The other side understood and said no: a frame that does not fit its seal, a worker that may not take part, a fault on purpose where none are allowed.',
    usually: 'do what the remedy says; what was refused changed nothing.',
    exitCode: 1,
  },
  unauthenticated: {
    means:
      'One side does not know the other: no certificate or token was shown, or one that has expired or is of another CA. The sentence says which.',
    usually:
      'name the right folder by `--tls-dir` (GANGLION_TLS_DIR) or a token by `--token-file`; `ganglion tls issue` makes a new certificate.',
    exitCode: 5,
  },
  forbidden: {
    means: 'The caller is known, and its role may not do this.',
    usually: 'call as one that may: the README’s table, under Security, has every call and role.',
    exitCode: 5,
  },
  'port-in-use': {
    means: 'Another program listens on that port.',
    usually: 'choose another port, or 0 for any that is free; or stop the other program.',
    exitCode: 1,
  },
  disk: {
    means: 'The disk is full or does not let itself be read or written. Checkpoints and journal stay whole.',
    usually: 'make room or mend the rights; the run goes on or is resumed from its newest checkpoint.',
    exitCode: 1,
  },
  corrupt: {
    means:
      'Bytes are not those that were written: a hash differs, a file ends too early, a journal has a record that none wrote.',
    usually: 'run `ganglion checkpoints verify RUN`, and resume from a checkpoint that verifies.',
    exitCode: 1,
  },
  dataset: {
    means: 'A data set is missing or broken; the file, the offset and the reason are named.',
    usually: 'run `ganglion data check -f run.yaml`; `ganglion data download` gets public data sets again.',
    exitCode: 1,
  },
  backend: {
    means: 'The library that computes cannot be loaded, built or used.',
    usually: 'run `ganglion doctor`, which says why and how to get it.',
    exitCode: 1,
  },
  'run-failed': {
    means: 'The run ended as failed or cancelled.',
    usually: 'read why in `ganglion runs get RUN` and the run folder’s `events.jsonl`.',
    exitCode: 3,
  },
  aborted: {
    means:
      'What went on was stopped: by a signal, by the end of a connection, since its generation ended, or since its time was up.',
    usually: 'nothing, if it was asked for; else look at what ended it in the log.',
    exitCode: 1,
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERROR_CODES;
