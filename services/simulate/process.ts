/**
 * A process of the simulated cluster. Everything that it does goes out through `acts`, everything that happens to it comes
 * in through `enter`: so it can die between any two things that it does, and hear nothing for a while.
 */
import { must } from '../errors/invariant.ts';
import type { World } from './world.ts';

/** Whether the process alone ended (its kernel says so to everybody, and writes what it was given), or its machine. */
export type Death = 'process' | 'machine';

export class SimulatedProcess {
  /** Names the incarnation too: `worker-3#2`. */
  readonly name: string;
  /** The machine that it runs on. */
  readonly node: string;
  readonly #world: World;
  readonly #atDeath = new Set<(death: Death) => void>();
  readonly #backlog: { label: string; act: () => void }[] = [];
  #isAlive = true;
  #stalledAtMs: number | undefined;
  #slept: { readonly ms: number; readonly untilMs: number } | undefined;
  /** Acts left before it dies of the next. */
  #actsLeft = Number.POSITIVE_INFINITY;

  constructor(world: World, node: string, incarnation: number) {
    this.#world = world;
    this.node = node;
    this.name = `${node}#${incarnation}`;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get isStalled(): boolean {
    return this.#stalledAtMs !== undefined;
  }

  /** Its last stall that is over. */
  get slept(): { readonly ms: number; readonly untilMs: number } | undefined {
    return this.#slept;
  }

  /** Asked before everything that it does to the world: false where it is dead, or dies of this. */
  acts(): boolean {
    if (!this.#isAlive) return false;
    this.#actsLeft -= 1;
    if (this.#actsLeft >= 0) return true;
    this.die('process');
    return false;
  }

  /** Something happens to it now; later, where it is stalled; never, where it is dead. */
  enter(label: string, act: () => void): void {
    if (!this.#isAlive) return;
    if (this.isStalled) {
      this.#backlog.push({ label, act });
      return;
    }
    this.#world.entered();
    act();
  }

  /** Something happens to it in so long. */
  after(ms: number, label: string, act: () => void): () => void {
    return this.#world.timeline.after(ms, `${this.name} ${label}`, () => this.enter(label, act));
  }

  every(ms: number, label: string, act: () => void): () => void {
    let callOff: () => void = () => undefined;
    const again = () => {
      callOff = this.after(ms, label, () => {
        again();
        act();
      });
    };
    again();
    return () => callOff();
  }

  onDeath(then: (death: Death) => void): () => void {
    this.#atDeath.add(then);
    return () => this.#atDeath.delete(then);
  }

  dieAfterActs(count: number): void {
    this.#actsLeft = count;
  }

  die(death: Death): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#world.note(`${this.name} dies (${death})`);
    for (const then of [...this.#atDeath]) then(death);
    this.#atDeath.clear();
  }

  /** Gets nothing until it is woken; then all at once. */
  stall(): void {
    this.#stalledAtMs ??= this.#world.timeline.nowMs;
  }

  wake(): void {
    if (this.#stalledAtMs === undefined) return;
    const untilMs = this.#world.timeline.nowMs;
    this.#slept = { ms: untilMs - this.#stalledAtMs, untilMs };
    this.#stalledAtMs = undefined;
    // Each in a turn of its own, as an event loop that wakes up has it.
    const count = this.#backlog.length;
    for (let i = 0; i < count; i++) {
      const { label, act } = must(this.#backlog.shift(), 'what waited');
      this.after(0, label, act);
    }
  }
}

/** What somebody who died waits for. */
export function never<Value>(): Promise<Value> {
  return new Promise(() => undefined);
}
