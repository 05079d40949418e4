/**
 * Where a membership's vectors lie: gradients, their sum, residuals, frames. In an arena that SIMD reaches where they are
 * long enough for that to pay, else in memory of their own; shared between threads in any case.
 */
import { Arena } from '../simd/arena.ts';

/** 64 KiB, a page of WebAssembly: for less, a memory that reserves 4 GiB of addresses is too much. */
const SIMD_VALUES_MIN = 16_384;

export class Vectors {
  #arena: Arena | undefined;
  #kept = 0;

  /** For another config, whose gradients have so many values. */
  begin(longest: number): void {
    this.#arena = longest < SIMD_VALUES_MIN ? undefined : new Arena();
    this.#kept = 0;
  }

  /** What was made until now stays over generations. */
  keep(): void {
    this.#kept = this.#arena?.mark ?? 0;
  }

  /** A generation ended: what was made for it is free. */
  rewind(): void {
    this.#arena?.rewind(this.#kept);
  }

  floats(count: number): Float32Array {
    return this.#arena?.floats(count) ?? new Float32Array(new SharedArrayBuffer(4 * count));
  }

  bytes(count: number): Uint8Array {
    return this.#arena?.bytes(count) ?? new Uint8Array(count);
  }
}
