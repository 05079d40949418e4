/** Proves what counts as rounding: little beside the largest of all results, or one value in 256; and that no infinity or NaN is. */
import { expect, it } from 'vitest';
import { difference } from '../../services/compile/difference.ts';
import { roundingJudge } from '../../services/compile/rounding.ts';
import { startTensorflow } from './tensorflow.ts';

const { tf } = await startTensorflow();

/** Of two results, of which the first has 512 ones. */
function told(
  changed: Record<number, number>,
  other: readonly [number, number] = [1, 1],
  ones = 1,
): string | undefined {
  return tf.tidy(() => {
    const wanted = new Float32Array(512).fill(ones);
    const found = wanted.map((value, index) => changed[index] ?? value);
    const expected = [tf.tensor1d(wanted), tf.tensor1d([other[0]])];
    return difference('output', [tf.tensor1d(found), tf.tensor1d([other[1]])], expected, roundingJudge(expected));
  });
}

it('is what is small beside the largest value of all results', () => {
  expect(told(Object.fromEntries(Array.from({ length: 512 }, (_, index) => [index, 1.009])))).toBeUndefined();
  expect(told({ 0: 1.02, 1: 0.9, 2: 1.02 })).toBe(
    '3 of the 512 values of output 1 of 2 are apart by up to 0.10, which rounding explains to 0.010',
  );
  expect(told({ 0: 1.02, 1: 0.9, 2: 1.02 }, [50, 50.4])).toBeUndefined();
  expect(told({}, [50, 51])).toBe(
    '1 of the 1 values of output 2 of 2 are apart by up to 1.0, which rounding explains to 0.50',
  );
});

it('is one value in 256, however far', () => {
  expect(told({ 7: 0, 8: 9 })).toBeUndefined();
});

it('is never what is not finite, unless both are', () => {
  const nans = { 1: Number.NaN, 2: Number.NaN, 3: Number.POSITIVE_INFINITY };
  expect(told(nans)).toMatch(/^3 of the 512 values of output 1 of 2/);
  expect(told({}, [Number.NaN, Number.NaN])).toBeUndefined();
  expect(told({}, [Number.NaN, 1])).toMatch(/^1 of the 1 values of output 2 of 2/);
  expect(told({}, [1, 1], Number.POSITIVE_INFINITY)).toBeUndefined();
});
