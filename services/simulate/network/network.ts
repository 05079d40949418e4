/** Who reaches whom, how long that takes, and what happens to the connections that stand. */
import type { SimulatedProcess } from '../process.ts';
import type { World } from '../world.ts';
import { Endpoint } from './connection.ts';

/** `grpc`: notices by pings that the other side is silent. `socket`: does not. */
export type ConnectionKind = 'grpc' | 'socket';

/** Takes the connections that come to a process. */
export type Acceptor = (head: unknown, endpoint: Endpoint<never, never>) => void;

interface Standing {
  readonly kind: ConnectionKind;
  readonly ends: readonly [Endpoint<unknown, unknown>, Endpoint<unknown, unknown>];
}

/** A gRPC peer is pinged every 10 s, and has 5 s to answer (`wire/limits.ts`). */
const PING_MS = { least: 10_000, most: 15_000 };
/** How long a dial into the void lasts: gRPC's own limit. */
const DIAL_MS = 20_000;

export class Network {
  readonly world: World;
  readonly #listeners = new Map<string, { process: SimulatedProcess; accept: Acceptor }>();
  readonly #cuts = new Set<string>();
  #standing: Standing[] = [];

  constructor(world: World) {
    this.world = world;
  }

  delayMs(): number {
    const { dice, scenario, isChaotic } = this.world;
    const usual = scenario.networkMs * dice.between(0.5, 1.5);
    return isChaotic && dice.chance(scenario.networkTail) ? usual * dice.logBetween(2, 50) : usual;
  }

  /** Connections to this address come here from now on, for as long as the process lives. */
  serve(address: string, process: SimulatedProcess, accept: Acceptor): void {
    this.#listeners.set(address, { process, accept });
    process.onDeath(() => {
      if (this.#listeners.get(address)?.process === process) this.#listeners.delete(address);
    });
  }

  /**
   * Dials. The endpoint can be written to at once; where nobody listens it ends. `head` says what it is for, and is
   * given to the acceptor with the other endpoint.
   */
  dial<Outgoing, Incoming>(
    from: SimulatedProcess,
    address: string,
    dialled: { readonly kind: ConnectionKind; readonly label: string; readonly head: unknown; readonly window: number },
  ): Endpoint<Outgoing, Incoming> {
    const { kind, label, head, window } = dialled;
    const near = new Endpoint<Outgoing, Incoming>(this, from, `${from.name} → ${address} ${label}`, window);
    if (!from.acts()) return near;
    const listener = this.#listeners.get(address);
    const node = listener?.process.node ?? address;
    if (!listener || !this.isOpen(from.node, node) || !this.isOpen(node, from.node)) {
      const inVain = listener || this.#isCut(from.node) ? this.world.dice.between(0.1, 1) * DIAL_MS : this.delayMs();
      near.break();
      this.world.timeline.after(inVain, `${near.label} is not answered`, () => near.lose());
      return near;
    }
    const far = new Endpoint<Incoming, Outgoing>(this, listener.process, `${address} → ${from.name} ${label}`, window);
    near.join(far);
    far.join(near);
    this.#standing.push({ kind, ends: [near as Endpoint<unknown, unknown>, far as Endpoint<unknown, unknown>] });
    this.world.timeline.after(this.delayMs(), `${near.label} is accepted`, () =>
      listener.process.enter(near.label, () => {
        if (!far.isOver) listener.accept(head, far as unknown as Endpoint<never, never>);
      }),
    );
    return near;
  }

  isOpen(from: string, to: string): boolean {
    return this.#cuts.size === 0 || !this.#cuts.has(`${from}>${to}`);
  }

  /** Nothing gets from one to the other until it is healed. */
  cut(from: string, to: string): void {
    this.#cuts.add(`${from}>${to}`);
    for (const standing of this.#between(from, to)) this.#ping(standing);
  }

  heal(from: string, to: string): void {
    this.#cuts.delete(`${from}>${to}`);
    for (const { ends } of this.#between(from, to)) for (const end of ends) end.retry();
  }

  healAll(): void {
    for (const cut of [...this.#cuts]) {
      const [from = '', to = ''] = cut.split('>');
      this.heal(from, to);
    }
  }

  /** Connections between two nodes, or of one with anybody. False where there was none. */
  loseSome(node: string, other: string | undefined, share: number): boolean {
    const { dice, timeline } = this.world;
    let count = 0;
    for (const { ends } of this.#between(node, other)) {
      if (!dice.chance(share)) continue;
      count += 1;
      for (const end of ends) {
        end.break();
        timeline.after(this.delayMs(), `${end.label} is cut`, () => end.lose());
      }
    }
    return count > 0;
  }

  /** What is sent on them vanishes from now on, and nobody is told: a firewall forgot them. */
  breakSome(node: string, other: string | undefined, share: number): boolean {
    let count = 0;
    for (const standing of this.#between(node, other)) {
      if (!this.world.dice.chance(share)) continue;
      count += 1;
      for (const end of standing.ends) end.break();
      this.#ping(standing, true);
    }
    return count > 0;
  }

  /** A process that hears nothing answers no ping. */
  stalled(process: SimulatedProcess): void {
    for (const standing of this.#between(process.node, undefined)) this.#ping(standing);
  }

  /** The machine of this side lost its power. */
  silence(side: { readonly label: string }): void {
    for (const standing of this.#standing) {
      if (!standing.ends.some((end) => end === side)) continue;
      for (const end of standing.ends) end.break();
      this.#ping(standing, true);
    }
  }

  #isCut(node: string): boolean {
    return [...this.#cuts].some((cut) => cut.startsWith(`${node}>`) || cut.endsWith(`>${node}`));
  }

  #between(node: string, other: string | undefined): Standing[] {
    this.#standing = this.#standing.filter(({ ends }) => !ends.every((end) => end.isSettled));
    return this.#standing.filter(({ ends: [a, b] }) => {
      const [one, two] = [a.process.node, b.process.node];
      return (one === node && (other ?? two) === two) || (two === node && (other ?? one) === one);
    });
  }

  /** Each side of a gRPC connection looks after a while whether the other is still there, and has not given it up. */
  #ping({ kind, ends }: Standing, isBroken = false): void {
    if (kind !== 'grpc') return;
    const [a, b] = ends;
    const answers = () =>
      !isBroken &&
      this.isOpen(a.process.node, b.process.node) &&
      this.isOpen(b.process.node, a.process.node) &&
      !a.process.isStalled &&
      !b.process.isStalled;
    const ping = (end: Standing['ends'][number], other: Standing['ends'][number]) => {
      this.world.timeline.after(this.world.dice.between(PING_MS.least, PING_MS.most), `${end.label} pings`, () => {
        if (end.isOver || (answers() && !other.isLost)) return;
        end.lose();
        ping(other, end);
      });
    };
    ping(a, b);
    ping(b, a);
  }
}
