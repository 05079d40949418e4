/**
 * A TLS connection as a stream of JavaScript's. Given the socket itself, Node's HTTP/2 writes into TLS's own native stream;
 * where a caller's call ends while a write does, that re-enters HTTP/2 and ends the process by an assertion ("onread->IsFunction()",
 * Node 20.20, after some 100,000 frames of `tests/integration/fuzz.test.ts`). This one ends its writes in a turn of their own.
 */
import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

export class DecryptedStream extends Duplex {
  readonly #socket: TLSSocket;

  constructor(socket: TLSSocket) {
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
