/**
 * bfloat16: the upper half of a float32 (8 bits of exponent, 7 of mantissa), as plain loops over the bits.
 * A rounded value is kept as the float32 whose lower half is zero; packed, it takes two bytes.
 */
import { invariant } from '../errors/invariant.ts';
import { kernelsOf, wholeTurns } from '../simd/arena.ts';
import { add } from './addition.ts';

/** Rounds in place, to nearest, ties to even. A NaN becomes one and the same, and what is beyond the largest bfloat16 infinite. */
export function roundToBf16(values: Float32Array): void {
  const bits = bitsOf(values);
  const whole = bits.length - (bits.length % UNROLL);
  let i = 0;
  const kernels = kernelsOf(values);
  if (kernels) {
    i = wholeTurns(values.length);
    kernels.round(values.byteOffset, i);
  }
  for (; i < whole; i += UNROLL) {
    const a = rounded(bits[i] as number);
    const b = rounded(bits[i + 1] as number);
    const c = rounded(bits[i + 2] as number);
    const d = rounded(bits[i + 3] as number);
    bits[i] = a;
    bits[i + 1] = b;
    bits[i + 2] = c;
    bits[i + 3] = d;
  }
  for (; i < bits.length; i++) bits[i] = rounded(bits[i] as number);
}

/**
 * `into` = round(round(left) + round(right)); it may be either of them. One pass where the vectors lie in an arena; elsewhere the
 * operands are rounded in place.
 */
export function addBf16(left: Float32Array, right: Float32Array, into: Float32Array): void {
  const kernels = kernelsOf(into, left, right);
  const done = kernels ? wholeTurns(into.length) : 0;
  kernels?.addRounded(left.byteOffset, right.byteOffset, into.byteOffset, done);
  const [a, b, rest] = [left.subarray(done), right.subarray(done), into.subarray(done)];
  roundToBf16(a);
  roundToBf16(b);
  add(a, b, rest);
  roundToBf16(rest);
}

/** Writes values, rounded, as two bytes each, little-endian. */
export function packBf16(values: Float32Array, into: Uint8Array): void {
  invariant(into.byteLength === 2 * values.length && into.byteOffset % 4 === 0, 'two aligned bytes a value');
  const bits = bitsOf(values);
  const pairs = new Int32Array(into.buffer, into.byteOffset, values.length >> 1);
  const whole = pairs.length - (pairs.length % UNROLL);
  const pair = (i: number) => (rounded(bits[2 * i] as number) >>> 16) | rounded(bits[2 * i + 1] as number);
  let i = 0;
  const kernels = kernelsOf(values, into);
  if (kernels) {
    i = wholeTurns(values.length) / 2;
    kernels.pack(values.byteOffset, into.byteOffset, 2 * i);
  }
  for (; i < whole; i += UNROLL) {
    pairs[i] = pair(i);
    pairs[i + 1] = pair(i + 1);
    pairs[i + 2] = pair(i + 2);
    pairs[i + 3] = pair(i + 3);
  }
  for (; i < pairs.length; i++) pairs[i] = pair(i);
  if (values.length % 2 === 0) return;
  const last = values.length - 1;
  new DataView(into.buffer, into.byteOffset).setUint16(2 * last, rounded(bits[last] as number) >>> 16, true);
}

export function unpackBf16(packed: Uint8Array, into: Float32Array): void {
  invariant(packed.byteLength === 2 * into.length && packed.byteOffset % 4 === 0, 'two aligned bytes a value');
  const bits = bitsOf(into);
  const pairs = new Int32Array(packed.buffer, packed.byteOffset, into.length >> 1);
  const whole = pairs.length - (pairs.length % UNROLL);
  const unpair = (i: number) => {
    const pair = pairs[i] as number;
    bits[2 * i] = pair << 16;
    bits[2 * i + 1] = pair & UPPER;
  };
  let i = 0;
  const kernels = kernelsOf(packed, into);
  if (kernels) {
    i = wholeTurns(into.length) / 2;
    kernels.unpack(packed.byteOffset, into.byteOffset, 2 * i);
  }
  for (; i < whole; i += UNROLL) {
    unpair(i);
    unpair(i + 1);
    unpair(i + 2);
    unpair(i + 3);
  }
  for (; i < pairs.length; i++) unpair(i);
  if (into.length % 2 === 0) return;
  const last = into.length - 1;
  bits[last] = new DataView(packed.buffer, packed.byteOffset).getUint16(2 * last, true) << 16;
}

/**
 * Error feedback (Seide et al. 2014, "1-bit stochastic gradient descent", eq. 1–2; Karimireddy et al. 2019, alg. 2):
 * what rounding takes from a shard's gradient is added to its next one. Value by value:
 *
 *     wanted = gradient + residual;  gradient′ = round(wanted);  next = wanted − gradient′
 *
 * All float32; the difference is exact, and never −0. Where `wanted` cannot be rounded to a finite value nothing is left to
 * feed back: 0, so that it does not spoil the phases after it. `residual` is left as it is; `next` may be the same array.
 */
export function roundWithFeedback(gradient: Float32Array, residual: Float32Array, next: Float32Array): void {
  const kernels = kernelsOf(gradient, residual, next);
  if (kernels) {
    const done = wholeTurns(gradient.length);
    kernels.roundWithFeedback(gradient.byteOffset, residual.byteOffset, next.byteOffset, done);
    feedBack(gradient.subarray(done), residual.subarray(done), next.subarray(done));
  } else {
    feedBack(gradient, residual, next);
  }
}

function feedBack(gradient: Float32Array, residual: Float32Array, next: Float32Array): void {
  add(gradient, residual, next);
  gradient.set(next);
  roundToBf16(gradient);
  for (let i = 0; i < next.length; i++) {
    const left = (next[i] as number) - (gradient[i] as number);
    next[i] = left - left === 0 ? left + 0 : 0;
  }
}

/** The bits that a bfloat16 keeps. */
const UPPER = -65_536;
/** As a NaN is kept: its bits are those of {@link UPPER}. */
const NAN = UPPER;
/** Values a turn: as in {@link add}, about twice as fast as one (rounding 0.76 ns a value against 1.60). */
const UNROLL = 4;

function rounded(bits: number): number {
  // Adding would turn a NaN with a full mantissa into an infinity or a zero.
  if ((bits & 0x7fffffff) > 0x7f800000) return NAN;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) & UPPER;
}

function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}
