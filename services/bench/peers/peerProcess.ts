/**
 * A process that is measured beside others: it computes only when it is asked for times, so that one process at a time has
 * the machine. A line with a count goes to its stdin, a line with so many times comes back.
 */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Answer, parseAnswer } from './answer.ts';
import { PeerFailure } from './peerFailure.ts';

/** torch.compile takes half a minute for its first iteration, and several on a busy machine. */
const ANSWER_MS_MAX = 300_000;
/** Of what it wrote to stderr, the end. */
const STDERR_CHARACTERS_MAX = 4_096;

export class PeerProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #closed: Promise<unknown>;
  #stderr = '';
  #startError: Error | undefined;
  #version = '';

  /** Resolves when it is ready to compute. Throws `PeerFailure`, as `times` does. */
  static async start(child: ChildProcessWithoutNullStreams): Promise<PeerProcess> {
    const peer = new PeerProcess(child);
    const answer = await peer.#answer();
    if (!('version' in answer)) throw new PeerFailure('it gave times before it said its version');
    peer.#version = answer.version;
    return peer;
  }

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#closed = once(child, 'close').catch(() => undefined);
    child.once('error', (error) => {
      this.#startError = error;
    });
    child.stderr.on('data', (text) => {
      this.#stderr = (this.#stderr + String(text)).slice(-STDERR_CHARACTERS_MAX);
    });
    // A process that is gone shows at the end of its stdout, with its reason.
    child.stdin.on('error', () => undefined);
  }

  get version(): string {
    return this.#version;
  }

  /** Milliseconds of each of the next `count` iterations. */
  async times(count: number): Promise<readonly number[]> {
    this.#child.stdin.write(`${count}\n`);
    const answer = await this.#answer();
    if (!('ms' in answer) || answer.ms.length !== count) throw new PeerFailure(`it did not give ${count} times`);
    return answer.ms;
  }

  async #answer(): Promise<Exclude<Answer, { error: string }>> {
    const tooLong = setTimeout(() => this.#child.kill('SIGKILL'), ANSWER_MS_MAX);
    try {
      const { done, value } = await this.#lines.next();
      if (done) throw new PeerFailure(await this.#whyEnded());
      const answer = parseAnswer(value);
      if ('error' in answer) throw new PeerFailure(answer.error);
      return answer;
    } finally {
      clearTimeout(tooLong);
    }
  }

  async #whyEnded(): Promise<string> {
    await this.#closed;
    if (this.#startError) return this.#startError.message;
    const { exitCode, signalCode } = this.#child;
    const last = this.#stderr.trim().split('\n').at(-1);
    return `it ended with ${exitCode ?? signalCode}${last ? `: ${last}` : ''}`;
  }
}
