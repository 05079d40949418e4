/**
 * Where the other workers come in: behaves as `mesh/reception.ts` does, with its real decision who is welcome. Keys are
 * compared where the real one proves them.
 */
import { GanglionError } from '../../errors/ganglionError.ts';
import { admit, type Generation, type Guests, nameOf, turnedAway } from '../../mesh/admission.ts';
import type { Frame } from '../../mesh/frame.ts';
import type { Hello } from '../../mesh/handshakeMessage.ts';
import type { StateProvider } from '../../mesh/stateServer.ts';
import { never, type SimulatedProcess } from '../process.ts';
import { piecesOf, type StatePiece } from './calls.ts';
import type { Endpoint } from './connection.ts';
import type { Network } from './network.ts';

/** What a listener writes to who dialled it. */
export type FromListener =
  | { readonly type: 'welcome' }
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'state'; readonly piece: StatePiece };

export interface Dial {
  readonly hello: Hello;
  readonly key: string;
}

export type DialledEnd = Endpoint<never, FromListener>;
export type AcceptedEnd = Endpoint<FromListener, never>;

export interface MeshDoor extends Guests {
  accept(rank: number, end: AcceptedEnd): void;
}

export class Door {
  readonly address: string;
  readonly #provider: StateProvider;
  #current: Generation | undefined;
  #mesh: MeshDoor | undefined;
  #isOver = false;
  /** Those who wait for this worker to hear of their generation. */
  readonly #waiting = new Set<{ dial: Dial; end: AcceptedEnd }>();

  constructor(network: Network, process: SimulatedProcess, provider: StateProvider) {
    this.address = `${process.name}/peers`;
    this.#provider = provider;
    network.serve(this.address, process, (head, end) => {
      const guest = { dial: head as Dial, end: end as AcceptedEnd };
      this.#waiting.add(guest);
      end.listen({
        message: () => undefined,
        end: () => {
          this.#waiting.delete(guest);
          end.close();
        },
      });
      process.after(guest.dial.hello.waitMs, `${this.address} waits no longer`, () => {
        if (this.#waiting.delete(guest)) end.close();
      });
      this.#look();
    });
  }

  admit(generation: Generation, mesh: MeshDoor): () => void {
    this.#current = generation;
    this.#mesh = mesh;
    this.#isOver = false;
    this.#look();
    return () => {
      if (this.#mesh !== mesh) return;
      this.#mesh = undefined;
      this.#isOver = true;
      this.#look();
    };
  }

  #look(): void {
    for (const guest of [...this.#waiting]) {
      const { dial, end } = guest;
      const verdict = admit(dial.hello, {
        current: this.#current,
        guests: this.#mesh,
        over: this.#isOver,
        servesStates: true,
      });
      if (verdict.answer === 'wait') continue;
      this.#waiting.delete(guest);
      if (verdict.answer === 'refuse') end.close(turnedAway(nameOf(dial.hello), verdict.why));
      else if (dial.key !== this.#current?.key) end.close(turnedAway(nameOf(dial.hello), 'it does not know the key'));
      else this.#welcome(dial.hello, end);
    }
  }

  #welcome(hello: Hello, end: AcceptedEnd): void {
    if (hello.purpose === 'state') return void this.#give(hello.runId, hello.phase, end);
    end.send({ type: 'welcome' });
    this.#mesh?.accept(hello.rank, end);
  }

  async #give(runId: string, phase: number, end: AcceptedEnd): Promise<void> {
    const held = await (end.process.acts() ? this.#provider(runId, phase) : never<undefined>());
    if (!held) {
      return end.close(new GanglionError({ code: 'refused', message: `Phase ${phase} is not held here.`, remedy: '' }));
    }
    for (const piece of piecesOf(held.state, held.sha256)) end.send({ type: 'state', piece });
  }
}
