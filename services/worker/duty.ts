/** What the worker is at: one membership at a time, which outlives the sessions with the coordinator. */
import type { Assignment, HeldState } from '../control/messages.ts';
import { Membership, type MembershipPorts } from './membership.ts';

export class Duty {
  readonly #ports: () => MembershipPorts;
  #membership: Membership | undefined;
  /** False while the state is only kept, for the coordinator to ask for. */
  #isAssigned = false;
  /** Orders are carried out one after the other, in the order in which they came. */
  #orders: Promise<void> = Promise.resolve();

  /** `ports` are those of the session of the moment. */
  constructor(ports: () => MembershipPorts) {
    this.#ports = ports;
  }

  get isAssigned(): boolean {
    return this.#isAssigned;
  }

  /** For heartbeats; undefined when idle. */
  get position(): Membership['position'] | undefined {
    return this.#isAssigned ? this.#membership?.position : undefined;
  }

  /** For Hello. */
  get held(): HeldState | undefined {
    return this.#membership?.held;
  }

  assign(assignment: Assignment): Promise<void> {
    return this.#next(async () => (await this.#member(assignment.runId)).join(assignment), 'A new assignment came.');
  }

  begin(runId: string, generation: number): Promise<void> {
    return this.#next(async () => {
      if (this.#membership?.runId === runId) this.#membership.begin(generation);
    });
  }

  halt(runId: string, generation: number, why: string, graceful: boolean): Promise<void> {
    const order = async () => (await this.#member(runId)).halt(generation, why, graceful);
    return this.#next(order, graceful ? undefined : why);
  }

  collect(runId: string): Promise<void> {
    return this.#next(async () => {
      if (this.#membership?.runId === runId) this.#membership.collect();
    });
  }

  release(runId: string, why: string): Promise<void> {
    return this.#next(async () => {
      const membership = this.#membership;
      if (membership?.runId !== runId) return;
      this.#membership = undefined;
      this.#isAssigned = false;
      await membership.leave(why);
    }, why);
  }

  /** The session ended: stops at the phase boundary, and keeps the state. */
  suspend(why: string): Promise<void> {
    return this.#next(async () => {
      this.#isAssigned = false;
      await this.#membership?.suspend(why);
    }, why);
  }

  /** The state for another member; undefined where it is not held. */
  async stateFor(runId: string, phase: number): Promise<{ state: Uint8Array; sha256: string } | undefined> {
    return this.#membership?.runId === runId ? this.#membership.stateFor(phase) : undefined;
  }

  /** `interrupt` ends what goes on at once; it would keep the order from its turn. */
  #next(order: () => Promise<void>, interrupt?: string): Promise<void> {
    if (interrupt !== undefined) this.#membership?.interrupt(interrupt);
    const done = this.#orders.then(order);
    // Whoever gave the order hears of a failure; the next one is carried out all the same.
    this.#orders = done.catch(() => undefined);
    return done;
  }

  async #member(runId: string): Promise<Membership> {
    this.#isAssigned = true;
    if (this.#membership?.runId === runId) return this.#membership;
    const former = this.#membership;
    const membership = new Membership(runId, this.#ports);
    this.#membership = membership;
    await former?.leave('The worker got another run.');
    return membership;
  }
}
