/** What is due of a worker's parts on their way to one receiver: of those that stand the one that is behind. */
import type { PartialSum } from './collective.ts';

/** Tells of each part that was not ready once it is. One that never gets ready is its giver's to know of. */
export function onReady(parts: readonly PartialSum[], stands: (part: PartialSum) => void): void {
  for (const part of parts) {
    void part.ready?.then(
      () => stands(part),
      () => undefined,
    );
  }
}

interface Position {
  readonly part: PartialSum;
  stands: boolean;
  /** Values of it that left. */
  at: number;
}

export class StandingParts {
  readonly #positions: readonly Position[];
  readonly #count: number;

  /** The receiver takes `count` values of each. */
  constructor(parts: readonly PartialSum[], count: number) {
    this.#positions = parts.map((part) => ({ part, stands: part.ready === undefined, at: 0 }));
    this.#count = count;
  }

  /** A part that was not ready is. */
  stands(ready: PartialSum): void {
    for (const position of this.#positions) if (position.part === ready) position.stands = true;
  }

  get haveLeft(): boolean {
    return this.#positions.every(({ at }) => at === this.#count);
  }

  /** The next so many values, at most; undefined while nothing that stands is left. */
  take(valuesMax: number): { part: PartialSum; at: number; count: number } | undefined {
    const due = this.#positions.filter(({ stands, at }) => stands && at < this.#count);
    const next = due.toSorted((a, b) => a.at - b.at)[0];
    if (!next) return undefined;
    const { part, at } = next;
    const count = Math.min(valuesMax, this.#count - at);
    next.at += count;
    return { part, at, count };
  }
}
