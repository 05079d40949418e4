/** A state that comes piece by piece, over one connection after the other if need be. */
import { createHash } from 'node:crypto';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { FrameHead } from './frame.ts';
import type { HandshakeMessage } from './handshakeMessage.ts';
import { STATE_BYTES_MAX } from './limits.ts';
import type { HeldState } from './stateServer.ts';

export class ArrivingState {
  readonly #phase: number;
  readonly #hash = createHash('sha256');
  #held: HeldState | undefined;
  #byteCount = 0;

  constructor(phase: number) {
    this.#phase = phase;
  }

  /** Bytes that are there, without a gap. */
  get byteCount(): number {
    return this.#byteCount;
  }

  get complete(): boolean {
    return this.#byteCount === this.#held?.state.byteLength;
  }

  /** What the peer says that it will send: the same each time. */
  announced(answer: HandshakeMessage): void {
    if (answer.type !== 'state' || answer.byteCount > STATE_BYTES_MAX) throw refused('it was not announced');
    const { byteCount, sha256 } = answer;
    this.#held ??= { state: new Uint8Array(byteCount), sha256 };
    if (this.#held.sha256 !== sha256 || this.#held.state.byteLength !== byteCount) {
      throw refused('it is another one than before the connection broke');
    }
  }

  /** Where the next piece is wanted. */
  place({ kind, phase, offset, length, payloadBytes }: FrameHead): Uint8Array {
    const { state } = must(this.#held, 'announced state');
    const fits = offset === this.#byteCount && length === state.byteLength && offset + payloadBytes <= length;
    if (kind !== 'state' || phase !== this.#phase || !fits) {
      throw refused(`bytes ${this.#byteCount} … of ${state.byteLength} were expected, not ${offset} … of ${length}`);
    }
    return state.subarray(offset, offset + payloadBytes);
  }

  arrived(piece: Uint8Array): void {
    this.#hash.update(piece);
    this.#byteCount += piece.byteLength;
  }

  whole(): HeldState {
    const held = must(this.#held, 'announced state');
    const found = this.#hash.digest('hex');
    if (found === held.sha256) return held;
    throw new GanglionError({
      code: 'corrupt',
      message:
        `The state after ${this.#phase} phases arrived with SHA-256 ${found.slice(0, 12)}…, ` +
        `not ${held.sha256.slice(0, 12)}….`,
      remedy: 'The worker that sent it may have a broken memory: fetch the state from another one.',
    });
  }
}

function refused(why: string): GanglionError {
  return new GanglionError({
    code: 'refused',
    message: `A state from a peer was refused: ${why}.`,
    remedy: 'The worker fetches it again in the next generation; report this with the logs of both workers.',
  });
}
