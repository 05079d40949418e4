/** Chance, from a seed: xoshiro128** (Blackman and Vigna 2021, Scrambled linear pseudorandom number generators). */
import { must } from '../errors/invariant.ts';

export class Dice {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number) {
    // splitmix32, as its authors advise: a seed of few bits must not give a state of few bits.
    let state = (seed ^ Math.floor(seed / 2 ** 32)) | 0;
    const split = () => {
      state = (state + 0x9e3779b9) | 0;
      let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return z ^ (z >>> 15);
    };
    [this.#a, this.#b, this.#c, this.#d] = [split(), split(), split(), split()];
  }

  /** 32 bits. */
  word(): number {
    const result = Math.imul(rotate(Math.imul(this.#b, 5), 7), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = rotate(this.#d, 11);
    return result >>> 0;
  }

  /** In [0, 1). */
  fraction(): number {
    return this.word() / 2 ** 32;
  }

  /** In [from, to). */
  between(from: number, to: number): number {
    return from + (to - from) * this.fraction();
  }

  /** In [from, to), every order of magnitude alike. */
  logBetween(from: number, to: number): number {
    return from * (to / from) ** this.fraction();
  }

  /** A whole number in [from, to]. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** Time to the next of events that come `mean` apart. */
  exponential(mean: number): number {
    return -Math.log(1 - this.fraction()) * mean;
  }

  pick<Value>(list: readonly Value[]): Value {
    return must(list[this.whole(0, list.length - 1)], 'something to pick');
  }

  /** Dice of their own: what is thrown with them changes nothing here. */
  fork(): Dice {
    return new Dice(this.word() * 2 ** 21 + (this.word() >>> 11));
  }
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
