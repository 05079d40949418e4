/**
 * A connection between two processes: messages in order on each way, and an end that both may learn of at different
 * times, or never. Like TCP it repeats what a partition swallows, so that it arrives when that heals.
 */
import { GanglionError } from '../../errors/ganglionError.ts';
import { must } from '../../errors/invariant.ts';
import type { Death, SimulatedProcess } from '../process.ts';
import type { Network } from './network.ts';

export interface EndpointListener<Incoming> {
  message(message: Incoming): void;
  /** Once: the other side sends no more (undefined), failed with a reason, or is gone. Nothing comes after it. */
  end(why: GanglionError | undefined): void;
}

type Parcel<Message> =
  | { readonly kind: 'message'; readonly message: Message }
  /** `isFinal`: the other side reads no more, either. */
  | { readonly kind: 'end'; readonly why: GanglionError | undefined; readonly isFinal: boolean };

/** One process's side. */
export class Endpoint<Outgoing, Incoming> {
  readonly process: SimulatedProcess;
  readonly label: string;
  readonly #network: Network;
  readonly #window: number;
  /** What is on its way to the other side. */
  readonly #underWay: Parcel<Outgoing>[] = [];
  /** Arrivals of it that are planned: fewer than there are where the way is cut. */
  #arrivals = 0;
  #lastArrivalMs = 0;
  /** What came while nobody listened, or while it was paused. */
  readonly #kept: Parcel<Incoming>[] = [];
  readonly #wanting: { resolve: () => void; reject: (why: Error) => void }[] = [];
  /** Undefined where nobody took the call. */
  #other: Endpoint<Incoming, Outgoing> | undefined;
  #listener: EndpointListener<Incoming> | undefined;
  #isPaused = false;
  #hasFinished = false;
  #isEndTold = false;
  /** What is sent vanishes, and nobody is told. */
  #isBroken = false;
  #isLost = false;
  #isOver = false;

  /** @param window messages under way from which on a sender should wait. */
  constructor(network: Network, process: SimulatedProcess, label: string, window: number) {
    this.#network = network;
    this.process = process;
    this.label = label;
    this.#window = window;
    process.onDeath((death) => this.#died(death));
  }

  join(other: Endpoint<Incoming, Outgoing>): void {
    this.#other = other;
  }

  get other(): Endpoint<Incoming, Outgoing> {
    return must(this.#other, 'other side');
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** It has given the connection up. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Nothing is left to happen on this side. */
  get isSettled(): boolean {
    return this.#isOver && this.#underWay.length === 0;
  }

  listen(listener: EndpointListener<Incoming>): void {
    this.#listener = listener;
    this.#deliver();
  }

  send(message: Outgoing): void {
    if (this.#isOver || this.#hasFinished || !this.process.acts()) return;
    this.#post({ kind: 'message', message });
  }

  /** Resolves when there is room for more. Rejects where the connection is over. */
  drained(): Promise<void> {
    if (this.#isOver) return Promise.reject(new Error('the stream is closed'));
    if (this.#underWay.length < this.#window) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#wanting.push({ resolve, reject });
    });
  }

  /** No more messages from this side; those of the other go on. */
  finish(): void {
    this.#finish(undefined, false);
  }

  /** Ends both ways; the other side learns it, and why, after what was sent before. */
  close(why?: GanglionError): void {
    this.#finish(why, true);
    this.#over();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#deliver();
  }

  /** From now on what is sent, and what is under way, vanishes. */
  break(): void {
    this.#isBroken = true;
    this.#underWay.length = 0;
  }

  /** This side learns that the connection is lost. */
  lose(): void {
    this.break();
    this.#isLost = true;
    this.process.enter(this.label, () => this.#end(gone(this.label), true));
  }

  /** This way is open again: what was held back goes on. */
  retry(): void {
    while (this.#arrivals < this.#underWay.length) this.#plan();
  }

  #finish(why: GanglionError | undefined, isFinal: boolean): void {
    if (this.#isOver || (this.#hasFinished && !isFinal) || !this.process.acts()) return;
    this.#hasFinished = true;
    this.#post({ kind: 'end', why, isFinal });
  }

  #post(parcel: Parcel<Outgoing>): void {
    if (this.#isBroken) return;
    this.#underWay.push(parcel);
    this.#network.world.checks.queued(this.label, this.#underWay.length + this.other.#kept.length);
    if (this.#network.isOpen(this.process.node, this.other.process.node)) this.#plan();
  }

  /** One more of those that are under way will arrive; never before one that was sent earlier. */
  #plan(): void {
    const { timeline } = this.#network.world;
    this.#arrivals += 1;
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, timeline.nowMs + this.#network.delayMs());
    timeline.after(this.#lastArrivalMs - timeline.nowMs, this.label, () => this.#arrive());
  }

  #arrive(): void {
    this.#arrivals -= 1;
    if (!this.#network.isOpen(this.process.node, this.other.process.node)) return;
    const parcel = this.#underWay.shift();
    if (!parcel) return;
    if (this.#underWay.length < this.#window) {
      for (const { resolve } of this.#wanting.splice(0)) this.process.enter(this.label, resolve);
    }
    if (this.other.#isLost) this.#refused();
    else this.other.process.enter(this.label, () => this.other.#take(parcel));
  }

  /** The other side knows nothing of this connection any more, and says so. */
  #refused(): void {
    if (!this.#network.isOpen(this.other.process.node, this.process.node)) return;
    this.#network.world.timeline.after(this.#network.delayMs(), `${this.label} is reset`, () => this.lose());
  }

  #take(parcel: Parcel<Incoming>): void {
    if (this.#isOver) return;
    this.#kept.push(parcel);
    this.#deliver();
  }

  #deliver(): void {
    while (this.#listener && !this.#isPaused && !this.#isOver) {
      const parcel = this.#kept.shift();
      if (!parcel) return;
      if (parcel.kind === 'message') this.#listener.message(parcel.message);
      else this.#end(parcel.why, parcel.isFinal || this.#hasFinished);
    }
  }

  #end(why: GanglionError | undefined, isFinal: boolean): void {
    if (this.#isOver) return;
    if (isFinal) this.#over();
    if (this.#isEndTold) return;
    this.#isEndTold = true;
    this.#listener?.end(why);
  }

  /** Nothing is sent or heard on this side any more. */
  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#kept.length = 0;
    for (const { reject } of this.#wanting.splice(0)) reject(new Error('the stream closed while it was written'));
  }

  /** The kernel ends a dead process's connections; a machine that lost its power tells nobody. */
  #died(death: Death): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.#other) return;
    if (death === 'machine') this.#network.silence(this);
    else this.#post({ kind: 'end', why: gone(this.label), isFinal: true });
  }
}

export function gone(label: string): GanglionError {
  return new GanglionError({
    code: 'unreachable',
    message: `The connection ${label} was lost.`,
    remedy: 'It is dialled again.',
  });
}
