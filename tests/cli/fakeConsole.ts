/** A console whose output is text, and a program run on it. */
import { Readable, Writable } from 'node:stream';
import type { Console } from '../../services/cli/console.ts';
import { run } from '../../services/cli/program.ts';
import { type Environment, readEnvironment } from '../../services/config/environment.ts';

export interface FakeConsole extends Console {
  /** What was written so far. */
  readonly out: () => string;
  readonly err: () => string;
}

export interface FakeOptions {
  readonly stdin?: string;
  /** Is stderr a terminal? */
  readonly tty?: boolean;
  readonly environment?: Partial<Environment>;
}

export function fakeConsole({ stdin = '', tty = false, environment = {} }: FakeOptions = {}): FakeConsole {
  const stdout = sink(false);
  const stderr = sink(tty);
  return {
    stdin: Readable.from([stdin]),
    stdout: stdout.sink,
    stderr: stderr.sink,
    environment: { ...readEnvironment({}), ...environment },
    exitCode: 0,
    out: stdout.text,
    err: stderr.text,
  };
}

function sink(isTTY: boolean) {
  const chunks: Buffer[] = [];
  const writable = new Writable({
    decodeStrings: true,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { sink: Object.assign(writable, { isTTY, columns: 80 }), text: () => Buffer.concat(chunks).toString() };
}

/** Runs one command line. */
export async function ganglion(argv: readonly string[], options: FakeOptions = {}) {
  const console = fakeConsole(options);
  const code = await run(argv, console);
  return { code, out: console.out(), err: console.err() };
}
