/**
 * What a part of the bench leaves lying about while it runs: child processes and temporary folders. They are gone on
 * every way out of the bench but SIGKILL: an end, an error, Ctrl-C, or an exit from anywhere. Services are gone even then.
 */
import {
  type ChildProcess,
  type ChildProcessWithoutNullStreams,
  fork,
  type StdioOptions,
  spawn,
} from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../config/packageRoot.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import { guard } from '../process/guard.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export class Leftovers {
  readonly #children = new Set<ChildProcess>();
  readonly #folders: string[] = [];
  readonly #onExit = () => this.#endNow();
  /** 128 + its number is what shells give a program that a signal ended. */
  readonly #onSignal = (signal: NodeJS.Signals) => process.exit(128 + constants.signals[signal]);

  constructor() {
    process.on('exit', this.#onExit);
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
  }

  /** A new folder under the system's own for temporary files. */
  folder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'ganglion-bench-'));
    this.#folders.push(folder);
    return folder;
  }

  /** Starts `ganglion` with these arguments; its stdout can be read. */
  ganglion(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
    const stdio: StdioOptions = ['ignore', 'pipe', 'inherit'];
    const child = this.#keep(spawn(process.execPath, [built('cli/main.js'), ...args], { stdio, env }));
    child.once('exit', guard(child));
    return child;
  }

  /** Starts a program of dist/services/bench that answers with one message; it ends when its parent is gone. */
  fork(program: string, args: readonly string[]): ChildProcess {
    // stdout belongs to the bench's own result, and its Node flags are not the child's.
    const stdio: StdioOptions = ['ignore', 'ignore', 'inherit', 'ipc'];
    return this.#keep(fork(built(join('bench', program)), args, { stdio, execArgv: [] }));
  }

  /** Starts a program, ours or not, that is told by lines on stdin what to do, and answers on stdout. */
  program(
    command: string,
    args: readonly string[],
    where: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ): ChildProcessWithoutNullStreams {
    const child = this.#keep(spawn(command, args, where));
    // One that could not be started never exits. Whoever talks to it hears of it by the end of its stdout.
    child.once('error', () => this.#children.delete(child));
    return child;
  }

  /** Ends the children and removes the folders. */
  async clear(): Promise<void> {
    const gone = [...this.#children].map((child) => once(child, 'exit'));
    this.#killChildren();
    await Promise.all(gone);
    this.#endNow();
    process.off('exit', this.#onExit);
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
  }

  #keep<Child extends ChildProcess>(child: Child): Child {
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }

  /** Without waiting, as the end of a process must. */
  #endNow(): void {
    this.#killChildren();
    // A child that is killed may write for a moment still: a folder that fills up again is tried again.
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** At once: what they hold is worth nothing. */
  #killChildren(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }
}

/** Never resolves: rejects as soon as one of the children ends. */
export function endOfAny(children: readonly ChildProcess[]): Promise<never> {
  return Promise.race(
    children.map(async (child) => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      throw new GanglionError({
        code: 'backend',
        message: `A process of the bench ended with ${child.exitCode ?? child.signalCode} before it was done.`,
        remedy: 'See what it wrote above; `ganglion doctor` tells whether the backend works.',
      });
    }),
  );
}

/** What a forked program sends when it is done. */
export async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const [answer] = await once(child, 'message');
  return answer as Answer;
}

/** Path of a program in dist/services. */
export function built(program: string): string {
  return join(packageRoot(), 'dist', 'services', program);
}
