/** A series of any length in bounded memory: where it has too many values, every other one goes. First and newest stay. */
export class Thinned<Value> {
  readonly #max: number;
  #kept: Value[] = [];
  #newest: Value | undefined;
  #stride = 1;
  #count = 0;

  /** @param max values that are kept beside the newest. */
  constructor(max: number) {
    this.#max = max;
  }

  add(value: Value): void {
    this.#newest = value;
    if (this.#count % this.#stride === 0) {
      this.#kept.push(value);
      this.#newest = undefined;
    }
    this.#count += 1;
    if (this.#kept.length <= this.#max) return;
    const last = this.#kept.at(-1);
    this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
    this.#stride *= 2;
    if (this.#kept.at(-1) !== last) this.#newest = last;
  }

  get values(): readonly Value[] {
    return this.#newest === undefined ? this.#kept : [...this.#kept, this.#newest];
  }
}
