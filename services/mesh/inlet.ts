/**
 * A dialled socket whose bytes are read right into where they belong, exactly as many as are asked for: the kernel
 * copies a payload once, to its destination.
 *
 * Only a dialled socket can do that (`onread`), so whoever receives dials, and a pair of workers has two connections.
 */
import { connect, type Socket } from 'node:net';
import { invariant } from '../errors/invariant.ts';
import type { Road } from './address.ts';

/** Reads a dialled connection. */
export interface Inlet {
  readonly socket: Socket;
  /** Fills `target`, calling `part` for each part of it that came, then `then`, which may ask for more. */
  read(target: Uint8Array, then: () => void, part?: (bytes: Uint8Array) => void): void;
  /** Like {@link read}; never settles where the socket ends first. */
  exactly(byteCount: number): Promise<Uint8Array>;
}

export class PlainInlet implements Inlet {
  readonly socket: Socket;
  #target: Uint8Array | undefined;
  #then: () => void = () => undefined;
  #part: (bytes: Uint8Array) => void = () => undefined;
  #filled = 0;
  /** While nothing is asked for, the socket stands still; its next read goes where its last one was told to: here. */
  readonly #spill = new Uint8Array(1);
  #spilled = false;
  #reading = false;

  constructor(road: Road) {
    const onread = {
      buffer: () => this.#target?.subarray(this.#filled) ?? this.#spill,
      callback: (byteCount: number, buffer: Uint8Array) => this.#took(byteCount, buffer),
    };
    this.socket =
      road.kind === 'unix'
        ? connect({ path: road.path, onread })
        : connect({ host: road.host, port: road.port, noDelay: true, onread });
  }

  read(target: Uint8Array, then: () => void, part: (bytes: Uint8Array) => void = () => undefined): void {
    invariant(!this.#target && target.length > 0, 'one read at a time, of something');
    this.#target = target;
    this.#then = then;
    this.#part = part;
    this.#filled = 0;
    if (this.#spilled) this.#unspill(target);
    if (this.#filled === target.length) this.#full();
    else if (!this.#reading) this.socket.resume();
  }

  async exactly(byteCount: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(byteCount);
    await new Promise<void>((resolve) => this.read(bytes, resolve));
    return bytes;
  }

  /** Returns whether to go on reading. */
  #took(byteCount: number, buffer: Uint8Array): boolean {
    if (buffer === this.#spill) this.#spilled = true;
    const target = this.#target;
    if (!target) return false;
    if (this.#spilled) this.#unspill(target);
    else this.#fill(target, byteCount);
    if (this.#filled < target.length) return true;
    this.#reading = true;
    this.#full();
    this.#reading = false;
    return this.#target !== undefined;
  }

  #full(): void {
    this.#target = undefined;
    this.#then();
  }

  #unspill(target: Uint8Array): void {
    target[0] = this.#spill[0] as number;
    this.#spilled = false;
    this.#fill(target, 1);
  }

  #fill(target: Uint8Array, byteCount: number): void {
    const from = this.#filled;
    this.#filled += byteCount;
    this.#part(target.subarray(from, this.#filled));
  }
}
