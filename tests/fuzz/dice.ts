/** Chance from a seed, so that a run that found something can be repeated (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number in [0, sides). */
  below(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % sides;
  }

  bytes(byteCount: number): Buffer {
    const bytes = Buffer.alloc(byteCount);
    for (let i = 0; i < byteCount; i++) bytes[i] = this.below(256);
    return bytes;
  }

  of<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }

  /** Some bytes other, or some missing, or too many. */
  mutated(bytes: Buffer): Buffer {
    const copy = Buffer.from(bytes);
    switch (this.below(4)) {
      case 0:
        return copy.subarray(0, this.below(copy.length + 1));
      case 1:
        return Buffer.concat([copy, this.bytes(1 + this.below(16))]);
      default:
        for (let times = 1 + this.below(4); times > 0 && copy.length > 0; times--) {
          copy[this.below(copy.length)] = this.below(256);
        }
        return copy;
    }
  }
}
