/** What happened, in order: as one number to compare two runs by, and the last of it as text for whoever reads a failure. */

/** What is kept of it: enough to see what led to a failure. */
const KEPT_MAX = 400;

export class Trace {
  readonly #print: ((line: string) => void) | undefined;
  readonly #last: string[] = [];
  #one = 0x811c9dc5;
  #other = 0x9e3779b9;
  #count = 0;

  /** `print` gets every line. */
  constructor(print: ((line: string) => void) | undefined) {
    this.#print = print;
  }

  get count(): number {
    return this.#count;
  }

  /** 64 bits of everything that was noted (two FNV-1a hashes, Fowler, Noll and Vo 1991, from different bases). */
  get hash(): string {
    return [this.#one, this.#other].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  get last(): readonly string[] {
    return this.#last.slice(-KEPT_MAX);
  }

  note(timeMs: number, what: string): void {
    this.#count += 1;
    const line = `${timeMs.toFixed(3).padStart(11)}  ${what}`;
    for (let i = 0; i < line.length; i++) {
      const code = line.charCodeAt(i);
      this.#one = Math.imul(this.#one ^ code, 0x01000193);
      this.#other = Math.imul(this.#other ^ code, 0x85ebca6b);
    }
    this.#last.push(line);
    if (this.#last.length > 2 * KEPT_MAX) this.#last.splice(0, KEPT_MAX);
    this.#print?.(line);
  }
}
