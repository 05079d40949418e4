/** An {@link Inlet} over TLS: what comes is decrypted into memory of OpenSSL's, and copied from there to where it belongs. */
import { connect, type TLSSocket } from 'node:tls';
import { invariant } from '../errors/invariant.ts';
import { rolesOf } from '../security/role.ts';
import { contextOf } from '../security/serverContext.ts';
import type { TlsFolder } from '../security/tlsFolder.ts';
import type { Road } from './address.ts';
import type { Inlet } from './inlet.ts';

const NOTHING = new Uint8Array(0);

export class SecureInlet implements Inlet {
  readonly socket: TLSSocket;
  #target: Uint8Array | undefined;
  #then: () => void = () => undefined;
  #part: (bytes: Uint8Array) => void = () => undefined;
  #filled = 0;
  /** Came, and nobody has asked for it. */
  #rest: Uint8Array = NOTHING;
  #pumping = false;

  constructor({ host, port }: Road & { kind: 'tcp' }, tls: TlsFolder) {
    this.socket = connect({
      host,
      port,
      ...contextOf(tls.current),
      // A pod's address is in no certificate. Which worker it is, it proves by the generation's key.
      checkServerIdentity: (_host, certificate) =>
        rolesOf(certificate).has('worker') ? undefined : new Error('its certificate is not a worker’s'),
    });
    this.socket.setNoDelay(true);
    this.socket.on('data', (bytes) => {
      this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
      this.#pump();
    });
    this.socket.pause();
  }

  read(target: Uint8Array, then: () => void, part: (bytes: Uint8Array) => void = () => undefined): void {
    invariant(!this.#target && target.length > 0, 'one read at a time, of something');
    this.#target = target;
    this.#then = then;
    this.#part = part;
    this.#filled = 0;
    this.#pump();
  }

  async exactly(byteCount: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(byteCount);
    await new Promise<void>((resolve) => this.read(bytes, resolve));
    return bytes;
  }

  #pump(): void {
    // `then` may ask for more: the loop below goes on with that.
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#target && this.#rest.length > 0) this.#fill(this.#target);
    this.#pumping = false;
    if (this.#target) this.socket.resume();
    else this.socket.pause();
  }

  #fill(target: Uint8Array): void {
    const from = this.#filled;
    const bytes = this.#rest.subarray(0, target.length - from);
    this.#rest = this.#rest.subarray(bytes.length);
    target.set(bytes, from);
    this.#filled += bytes.length;
    this.#part(target.subarray(from, this.#filled));
    if (this.#filled < target.length) return;
    this.#target = undefined;
    this.#then();
  }
}
