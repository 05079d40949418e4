/** The two connections of one pair of workers, through their handshakes: one brings frames, the other takes them. */
import type { Socket } from 'node:net';
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { Dialled } from './dial.ts';
import type { Frame } from './frame.ts';
import { type PayloadListener, readFrames } from './frameReader.ts';
import { Outlet } from './outlet.ts';

export class PeerLink {
  readonly #workerId: string;
  readonly #generation: number;
  #dialled: Dialled | undefined;
  #outlet: Outlet | undefined;
  #ended: GanglionError | undefined;
  #told: (why: GanglionError) => void = () => undefined;
  #closed = false;

  constructor(workerId: string, generation: number) {
    this.#workerId = workerId;
    this.#generation = generation;
  }

  /** The listener, which replaces the one before, is told as soon as either connection ends, or has ended. */
  onEnd(listener: (why: GanglionError) => void): void {
    this.#told = listener;
    if (this.#ended) listener(this.#ended);
  }

  dialled(dialled: Dialled): void {
    this.#dialled = dialled;
    this.#watch(dialled.inlet.socket);
  }

  accepted(socket: Socket, key: Uint8Array): void {
    this.#outlet = new Outlet(socket, this.#generation, key);
    this.#watch(socket);
  }

  async send(frame: Frame): Promise<void> {
    try {
      await must(this.#outlet, 'connection to write to').send(frame);
    } catch (error) {
      throw this.#ended ?? ended(this.#workerId, error);
    }
  }

  listen(on: PayloadListener): void {
    if (this.#dialled) readFrames(this.#dialled, this.#generation, on);
  }

  /** Nobody is told. */
  close(): void {
    this.#closed = true;
    this.#told = () => undefined;
    this.#cut();
  }

  #cut(): void {
    this.#dialled?.inlet.socket.destroy();
    this.#outlet?.socket.destroy();
  }

  #watch(socket: Socket): void {
    if (this.#closed || this.#ended) socket.destroy();
    let cause: Error | undefined;
    const gone = () => {
      if (this.#closed || this.#ended) return;
      this.#ended = ended(this.#workerId, cause);
      this.#cut();
      this.#told(this.#ended);
    };
    socket.on('error', (error) => {
      cause = error;
      gone();
    });
    socket.once('end', gone);
    socket.once('close', gone);
    if (socket.destroyed || socket.readableEnded) gone();
  }
}

/** What this side refused keeps its code; anything else is an end like any other. */
function ended(workerId: string, cause: unknown): GanglionError {
  if (cause instanceof GanglionError) {
    const { code, remedy, message } = cause;
    return new GanglionError({ code, remedy, cause, message: `From worker ${workerId}: ${message}` });
  }
  return new GanglionError({
    code: 'aborted',
    message: `The connection to worker ${workerId} ended${cause ? `: ${describeError(cause)}` : ''}.`,
    remedy: 'The worker joins the next generation by itself.',
    cause,
  });
}
