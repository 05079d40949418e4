/**
 * How gradients travel: as float32, or rounded to bfloat16.
 *
 * bf16 is canonical: every node of the shard tree is rounded wherever it is computed. So a partial sum travels in two bytes a
 * value without loss, and any partition of the shards gives the same bits. A leaf stands for its rounding, and need not be
 * rounded itself: whoever adds or encodes it does so on the way, which saves a pass through memory. The last `exactTail` values of
 * the flat gradient, its statistics, stay float32 on the way and in the sum.
 */
import { invariant } from '../errors/invariant.ts';
import { add } from './addition.ts';
import { addBf16, packBf16, roundToBf16, unpackBf16 } from './bf16.ts';
import { bytesOf } from './chunk.ts';
import type { NodeAddition } from './tree.ts';

export type WireFormat = 'fp32' | 'bf16';

/** A run of values within the flat gradient. */
export interface Run {
  readonly offset: number;
  readonly count: number;
  /** Values in the whole flat gradient. */
  readonly length: number;
}

export class WireCodec {
  readonly #exactTail: number;
  readonly #exactLength: number;
  readonly #rounds: boolean;

  /** What has `exactLength` values in all is no gradient, and travels as float32. */
  constructor(format: WireFormat, exactTail: number, exactLength = 0) {
    this.#rounds = format === 'bf16';
    this.#exactTail = exactTail;
    this.#exactLength = exactLength;
  }

  payloadBytes(run: Run): number {
    return 4 * run.count - 2 * this.#roundedCount(run);
  }

  /** What {@link encode} may need to write to: the tail may reach into any run. */
  roomBytes(valueCount: number): number {
    return this.#rounds ? 4 * valueCount : 0;
  }

  /** How nodes of the tree are added whose first value is that at `offset` of a gradient with `length` values. */
  addition(offset: number, length: number): NodeAddition {
    return (left, right, into) => {
      const rounded = this.#roundedCount({ offset, count: into.length, length });
      if (rounded > 0) addBf16(left.subarray(0, rounded), right.subarray(0, rounded), into.subarray(0, rounded));
      add(left.subarray(rounded), right.subarray(rounded), into.subarray(rounded));
    };
  }

  /** Makes of a gradient, in place, what it stands for. */
  round(gradient: Float32Array): void {
    const { length } = gradient;
    const rounded = this.#roundedCount({ offset: 0, count: length, length });
    if (rounded > 0) roundToBf16(gradient.subarray(0, rounded));
  }

  /** Whether the values travel as they lie in memory. */
  isPlain(run: Run): boolean {
    return this.#roundedCount(run) === 0;
  }

  /** `values` of the run as they travel, rounded; written to `room` unless plain. */
  encode(values: Float32Array, run: Run, room: Uint8Array): Uint8Array {
    if (this.isPlain(run)) return bytesOf(values, 0, values.length);
    const rounded = this.#roundedCount(run);
    const payload = room.subarray(0, this.payloadBytes(run));
    packBf16(values.subarray(0, rounded), payload.subarray(0, 2 * rounded));
    payload.set(bytesOf(values, rounded, run.count - rounded), 2 * rounded);
    return payload;
  }

  decode(payload: Uint8Array, run: Run, into: Float32Array): void {
    invariant(payload.byteLength === this.payloadBytes(run) && into.length === run.count, 'a payload fits its run');
    const rounded = this.#roundedCount(run);
    unpackBf16(payload.subarray(0, 2 * rounded), into.subarray(0, rounded));
    bytesOf(into, rounded, run.count - rounded).set(payload.subarray(2 * rounded));
  }

  #roundedCount({ offset, count, length }: Run): number {
    if (length === this.#exactLength) return 0;
    return this.#rounds ? Math.max(0, Math.min(count, length - this.#exactTail - offset)) : 0;
  }
}
