/** Virtual time: what is due happens in the order of its time, and of its planning where times are equal. */

interface Planned {
  readonly timeMs: number;
  readonly order: number;
  readonly label: string;
  /** Undefined once it was called off. */
  act: (() => void) | undefined;
}

export class Timeline {
  /** A binary heap: each entry is due before its two children. */
  readonly #heap: Planned[] = [];
  #nowMs = 0;
  #planned = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** How much is planned, what was called off included. */
  get length(): number {
    return this.#heap.length;
  }

  /** The returned function calls it off. */
  after(ms: number, label: string, act: () => void): () => void {
    const entry: Planned = { timeMs: this.#nowMs + Math.max(ms, 0), order: this.#planned++, label, act };
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1);
    return () => {
      entry.act = undefined;
    };
  }

  /** Moves to what is due next, and gives it; undefined where nothing is planned. */
  next(): { label: string; act: () => void } | undefined {
    for (;;) {
      const first = this.#heap[0];
      const last = this.#heap.pop();
      if (!first || !last) return undefined;
      if (this.#heap.length > 0) {
        this.#heap[0] = last;
        this.#down(0);
      }
      const { label, act, timeMs } = first;
      if (!act) continue;
      this.#nowMs = timeMs;
      return { label, act };
    }
  }

  #up(from: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #down(from: number): void {
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (this.#isBefore(left, least)) least = left;
      if (this.#isBefore(right, least)) least = right;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (!one || !other) return false;
    return one.timeMs < other.timeMs || (one.timeMs === other.timeMs && one.order < other.order);
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#heap[a], this.#heap[b]];
    if (one && other) [this.#heap[a], this.#heap[b]] = [other, one];
  }
}
