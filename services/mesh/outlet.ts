/** An accepted socket that this side writes frames to; nothing may come back on it but its end. */
import type { Socket } from 'node:net';
import { GanglionError } from '../errors/ganglionError.ts';
import type { Frame } from './frame.ts';
import { encodeHeader } from './header.ts';
import { FrameSeal } from './seal.ts';

export class Outlet {
  readonly socket: Socket;
  readonly #generation: number;

  readonly #seal: FrameSeal;

  /** `key` is the connection's: see seal.ts. */
  constructor(socket: Socket, generation: number, key: Uint8Array) {
    this.socket = socket;
    this.#generation = generation;
    this.#seal = new FrameSeal(key);
    socket.on('data', (bytes) => {
      socket.destroy(
        new GanglionError({
          code: 'refused',
          message: `${bytes.length} bytes came on a connection that only takes them.`,
          remedy: 'Report this with the logs of both workers.',
        }),
      );
    });
  }

  /**
   * Resolves once the kernel has taken the whole frame: the payload, which is not copied, is the caller's again. Rejects
   * where the socket ends before.
   */
  send(frame: Frame): Promise<void> {
    return new Promise((resolve, reject) => {
      // Header and payload in one system call.
      this.socket.cork();
      this.socket.write(encodeHeader(this.#generation, frame, this.#seal));
      this.socket.write(frame.payload, (error) => (error ? reject(error) : resolve()));
      this.socket.uncork();
    });
  }
}
