/**
 * A connection as a stream of JavaScript's. Given the socket itself, Node's HTTP/2 works on its native stream, and what anybody
 * writes to the port may then end the process by an assertion of Node's (20.20; both found by `tests/integration/fuzz.test.ts`):
 * behind TLS "onread->IsFunction()", where a call ends while a write does; in the clear "current_nghttp2_memory_ == 0", where a
 * session is gone before its headers have ended (nodejs/node#39951). With this stream between, neither was seen again. The
 * all-reduce through the coordinator pays some 20 % for it; nothing else goes through here in bulk but minibatches.
 */

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

export class SocketStream extends Duplex {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    socket.on('data', (bytes) => {
      if (!this.push(bytes)) socket.pause();
    });
    socket.once('end', () => this.push(null));
    socket.once('close', () => this.destroy());
    socket.on('error', (error) => this.destroy(error));
    // Nobody else hears of a connection that breaks: its calls are cancelled.
    this.on('error', () => undefined);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(bytes, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#socket.cork();
    for (const { chunk } of chunks.slice(0, -1)) this.#socket.write(chunk);
    this.#socket.write(chunks.at(-1)?.chunk ?? Buffer.alloc(0), done);
    this.#socket.uncork();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
