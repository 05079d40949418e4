/** An accepted socket during its handshake: read exactly as far as asked, by the streams' own paused mode. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describeError, type GanglionError } from '../errors/ganglionError.ts';
import { encodeMessage, type HandshakeMessage, readMessage } from './handshakeMessage.ts';
import { REFUSAL_CHARACTERS_MAX } from './limits.ts';

export class Doorway {
  readonly #socket: Socket;
  readonly #leaving = new AbortController();
  /** In paused mode a stream tells its end only to who reads: nothing at all will do. */
  readonly #listen = () => void this.#socket.read(0);

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('readable', this.#listen);
    socket.once('close', () => this.#leaving.abort());
    // What a broken socket has to say comes with its close, too.
    socket.on('error', () => undefined);
  }

  /** Aborted when the other side is gone. */
  get gone(): AbortSignal {
    return this.#leaving.signal;
  }

  /** It can be told nothing any more. */
  get closed(): boolean {
    return this.#socket.destroyed;
  }

  /** Rejects where the socket ends first. */
  async exactly(byteCount: number): Promise<Uint8Array> {
    for (;;) {
      this.gone.throwIfAborted();
      const bytes: Buffer | null = this.#socket.read(byteCount);
      if (bytes?.length === byteCount) return bytes;
      await once(this.#socket, 'readable', { signal: this.gone });
    }
  }

  hear(): Promise<HandshakeMessage> {
    return readMessage(this);
  }

  say(message: HandshakeMessage): void {
    this.#socket.write(encodeMessage(message));
  }

  refuse(why: GanglionError): void {
    this.say({ type: 'refused', message: describeError(why).slice(0, REFUSAL_CHARACTERS_MAX) });
    this.#socket.destroySoon();
  }

  /** Ends the handshake: the socket is the caller's. */
  open(): Socket {
    this.#socket.off('readable', this.#listen);
    return this.#socket;
  }

  close(): void {
    this.#socket.destroy();
  }
}
