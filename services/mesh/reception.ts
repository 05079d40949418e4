/** Takes those who dial this worker through their handshake, and hands them to the mesh or to the state server. */
import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { must } from '../errors/invariant.ts';
import { admit, type Generation, type Guests, nameOf, turnedAway } from './admission.ts';
import type { Doorway } from './doorway.ts';
import { type Hello, isProof, nonce, proofOf } from './handshakeMessage.ts';
import { HANDSHAKE_MS_MAX, HANDSHAKES_MAX, HELLO_MS_MAX } from './limits.ts';
import { frameKey } from './seal.ts';
import { type StateProvider, sendState } from './stateServer.ts';

/** The mesh of a generation, as the reception sees it. */
export interface MeshDoor extends Guests {
  /** A member's connection is through its handshake: this side writes frames with this key. */
  accept(rank: number, socket: Socket, key: Uint8Array): void;
}

export class Reception {
  #current: Generation | undefined;
  #door: MeshDoor | undefined;
  #over = false;
  #provider: StateProvider | undefined;
  /** Wakes those who wait for this worker to hear of their generation. */
  readonly #news = new EventEmitter<{ changed: [] }>().setMaxListeners(HANDSHAKES_MAX);

  serveState(provider: StateProvider): void {
    this.#provider = provider;
    this.#tell();
  }

  enter(generation: Generation): void {
    if (this.#current?.runId === generation.runId && this.#current.generation === generation.generation) return;
    this.#current = generation;
    this.#door = undefined;
    this.#over = false;
    this.#tell();
  }

  admit(generation: Generation, door: MeshDoor): () => void {
    this.enter(generation);
    this.#door = door;
    this.#tell();
    return () => {
      if (this.#door !== door) return;
      this.#door = undefined;
      this.#over = true;
      this.#tell();
    };
  }

  /** Throws where the other side is turned away, leaves, or takes longer than it said. */
  async receive(doorway: Doorway): Promise<void> {
    const hello = await within(HELLO_MS_MAX, doorway, () => doorway.hear());
    if (hello.type !== 'hello') throw turnedAway('someone', `it began with "${hello.type}"`);
    const key = await within(Math.min(hello.waitMs, HANDSHAKE_MS_MAX), doorway, () => this.#prove(hello, doorway));
    if (hello.purpose === 'state') {
      await sendState(must(this.#provider, 'state provider'), hello, doorway, key);
    } else {
      if (!this.#door) throw turnedAway(nameOf(hello), `generation ${hello.generation} is over`);
      doorway.say({ type: 'welcome' });
      this.#door.accept(hello.rank, doorway.open(), key);
    }
  }

  /** Gives the key of the connection's frames. */
  async #prove(hello: Hello, doorway: Doorway): Promise<Uint8Array> {
    const before = await this.#welcomed(hello, doorway.gone);
    const challenge = nonce();
    const { key } = before;
    doorway.say({ type: 'challenge', nonce: challenge, proof: proofOf('listener', key, hello, challenge) });
    const answer = await doorway.hear();
    if (answer.type !== 'proof' || !isProof(answer.proof, proofOf('dialler', key, hello, challenge))) {
      throw turnedAway(nameOf(hello), `it does not know the key of generation ${hello.generation}`);
    }
    // A newer generation may have begun while the proof was on its way.
    if ((await this.#welcomed(hello, doorway.gone)) !== before) throw turnedAway(nameOf(hello), 'it came too late');
    return frameKey(key, hello, challenge);
  }

  /** Resolves once this worker is in the generation of `hello`. */
  async #welcomed(hello: Hello, gone: AbortSignal): Promise<Generation> {
    for (;;) {
      gone.throwIfAborted();
      const verdict = admit(hello, {
        current: this.#current,
        guests: this.#door,
        over: this.#over,
        servesStates: this.#provider !== undefined,
      });
      if (verdict.answer === 'refuse') throw turnedAway(nameOf(hello), verdict.why);
      if (verdict.answer === 'welcome') return must(this.#current, 'generation');
      await once(this.#news, 'changed', { signal: gone });
    }
  }

  #tell(): void {
    this.#news.emit('changed');
  }
}

/** Closes the doorway where `work` takes longer. */
async function within<Value>(ms: number, doorway: Doorway, work: () => Promise<Value>): Promise<Value> {
  const timer = setTimeout(() => doorway.close(), ms);
  return work().finally(() => clearTimeout(timer));
}
