/**
 * A hot spare owns no shard, so that no sum needs it: the others would run ahead of it. At the hub of the star a phase's
 * sums wait until every spare has said that it is there. At most one gradient waits: nobody begins the next phase.
 */
import type { ReduceChunk, ReducedChunk } from './chunk.ts';

export class SparesGate {
  readonly #phases: Map<string, number>;
  readonly #deliver: (chunk: ReducedChunk) => void;
  #waiting: ReducedChunk[] = [];

  constructor(
    members: readonly { readonly workerId: string; readonly shards: readonly number[] }[],
    deliver: (chunk: ReducedChunk) => void,
  ) {
    const spares = members.filter(({ shards }) => shards.length === 0);
    this.#phases = new Map(spares.map(({ workerId }) => [workerId, -1]));
    this.#deliver = deliver;
  }

  /** True for what a spare sends instead of a partial sum: it is taken note of, and is no part of a sum. */
  admits(workerId: string, { shardCount, phase }: ReduceChunk): boolean {
    if (shardCount > 0 || !this.#phases.has(workerId)) return false;
    this.#phases.set(workerId, phase);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const chunk of waiting) this.offer(chunk);
    return true;
  }

  /** A chunk of a sum: on its way at once, or as soon as every spare is there. */
  offer(chunk: ReducedChunk): void {
    const isOpen = [...this.#phases.values()].every((phase) => phase >= chunk.phase);
    if (isOpen) this.#deliver(chunk);
    else this.#waiting.push(chunk);
  }
}
