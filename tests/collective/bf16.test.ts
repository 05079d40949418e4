/**
 * Proves that bfloat16 values are the nearest ones, ties to even, that NaN stays NaN, that packing loses nothing, and
 * that error feedback loses nothing either: what was rounded away comes back with the next gradient.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add } from '../../services/collective/addition.ts';
import { addBf16, packBf16, roundToBf16, roundWithFeedback, unpackBf16 } from '../../services/collective/bf16.ts';

const anyFloat = fc.oneof(
  fc.float(),
  // Any bits at all: denormals, infinities, quiet and signalling NaN.
  fc.nat(0xffffffff).map((bits) => fromBits(bits)),
);

function fromBits(...bits: number[]): number {
  return new Float32Array(Uint32Array.from(bits).buffer)[0] as number;
}

function bitsOf(values: Float32Array): number[] {
  return [...new Uint32Array(values.slice().buffer)];
}

function rounded(value: number): number {
  const values = Float32Array.of(value);
  roundToBf16(values);
  return values[0] as number;
}

describe('rounding', () => {
  it('gives the nearest value with 8 bits of precision, the even one of two', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const [bits = 0] = bitsOf(Float32Array.of(value));
        // The two neighbours, as float64: below in magnitude, and one step above.
        const below = fromBits((bits & 0xffff0000) >>> 0);
        const step = Math.abs(fromBits(((bits & 0xffff0000) + 0x10000) >>> 0) - below);
        const given = rounded(value);
        if (!Number.isFinite(given) || !Number.isFinite(step)) return;
        const far = Math.abs(value - below);
        const isEven = ((bits >>> 16) & 1) === 0;
        const up = far > step / 2 || (far === step / 2 && !isEven);
        expect(given).toBe(up ? below + Math.sign(value) * step : below);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a tie goes to the even neighbour below', 1 + 2 ** -8, 1],
    ['a tie goes to the even neighbour above', 1 + 3 * 2 ** -8, 1 + 2 ** -6],
    ['more than a tie goes up', 1 + 2 ** -8 + 2 ** -23, 1 + 2 ** -7],
    ['the largest float32 is beyond the largest bfloat16', 3.4028234663852886e38, Number.POSITIVE_INFINITY],
    ['infinity stays', Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ['a negative zero stays', -0, -0],
    ['the smallest denormal vanishes', 1.401298464324817e-45, 0],
  ])('%s', (_, value, expected) => {
    expect(Object.is(rounded(value), expected)).toBe(true);
  });

  it('makes every NaN the same NaN, also those whose mantissa is in the lost half or full', () => {
    for (const bits of [0x7f800001, 0xff800001, 0x7fffffff, 0xffffffff, 0x7fc00000]) {
      const values = new Float32Array(Uint32Array.of(bits, bits, bits, bits, bits).buffer);
      roundToBf16(values);
      expect(bitsOf(values)).toEqual(Array(5).fill(0xffff0000));
    }
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 40 }), (values) => {
        roundToBf16(values);
        const once = bitsOf(values);
        roundToBf16(values);
        expect(bitsOf(values)).toEqual(once);
      }),
    );
  });
});

describe('a sum', () => {
  it('is that of the rounded operands, rounded, wherever it goes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyFloat, anyFloat), { maxLength: 40 }), fc.nat(2), (pairs, place) => {
        const [left, right] = [0, 1].map((side) => Float32Array.from(pairs, (pair) => pair[side] as number));
        const [a, b, expected] = [left?.slice(), right?.slice(), new Float32Array(pairs.length)];
        if (!left || !right || !a || !b) return;
        for (const operand of [a, b]) roundToBf16(operand);
        add(a, b, expected);
        roundToBf16(expected);
        const into = [left, right, new Float32Array(pairs.length)][place] as Float32Array;
        addBf16(left, right, into);
        expect(bitsOf(into)).toEqual(bitsOf(expected));
      }),
    );
  });
});

describe('two bytes a value', () => {
  it('round on the way what is not rounded', () => {
    fc.assert(
      fc.property(fc.array(anyFloat, { maxLength: 40 }), (given) => {
        const [raw, rounded] = [Float32Array.from(given), Float32Array.from(given)];
        roundToBf16(rounded);
        const packed = [new Uint8Array(2 * given.length), new Uint8Array(2 * given.length)] as const;
        packBf16(raw, packed[0]);
        packBf16(rounded, packed[1]);
        expect(packed[0]).toEqual(packed[1]);
      }),
    );
  });

  it('bring back every rounded value, any number of them, at any aligned place', () => {
    fc.assert(
      fc.property(fc.array(anyFloat, { maxLength: 40 }), fc.nat(3), (given, words) => {
        const values = Float32Array.from(given);
        roundToBf16(values);
        const room = new Uint8Array(4 * words + 2 * values.length);
        const packed = room.subarray(4 * words);
        packBf16(values, packed);
        const back = new Float32Array(values.length);
        unpackBf16(packed, back);
        expect(bitsOf(back)).toEqual(bitsOf(values));
      }),
    );
  });

  it('are the upper half, little-endian', () => {
    const packed = new Uint8Array(4);
    packBf16(Float32Array.of(1, -2), packed);
    expect([...packed]).toEqual([0x80, 0x3f, 0x00, 0xc0]);
  });
});

describe('error feedback', () => {
  const gradients = fc.array(fc.float({ noNaN: true, min: -1000, max: 1000 }), { minLength: 1, maxLength: 20 });

  it('is the residual’s equation, value by value', () => {
    fc.assert(
      fc.property(gradients, gradients, (given, left) => {
        const gradient = Float32Array.from(given);
        const residual = Float32Array.from(given, (_, i) => left[i] ?? 0);
        const wanted = gradient.map((value, i) => value + (residual[i] ?? 0));
        roundWithFeedback(gradient, residual, residual);
        expect(bitsOf(gradient)).toEqual(bitsOf(Float32Array.from(wanted, rounded)));
        // Exact: float32 holds the difference.
        expect([...residual]).toEqual([...wanted].map((value, i) => value - (gradient[i] as number)));
      }),
    );
  });

  it('gives in the long run what the gradients were', () => {
    const residual = new Float32Array(1);
    let sum = 0;
    for (let phase = 0; phase < 1000; phase++) {
      const gradient = Float32Array.of(1.001);
      roundWithFeedback(gradient, residual, residual);
      sum += gradient[0] as number;
    }
    expect(sum).toBeGreaterThan(1000.99);
    expect(sum).toBeLessThan(1001.01);
    // Without it: 1000 × 1.
    expect(rounded(1.001)).toBe(1);
  });

  it.each([
    ['NaN', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
    ['too large for a bfloat16', 3.4028234663852886e38],
  ])('keeps nothing where the gradient is %s', (_, value) => {
    const [gradient, residual] = [Float32Array.of(value, 1.001), Float32Array.of(0.5, 0)];
    roundWithFeedback(gradient, residual, residual);
    expect(Number.isFinite(gradient[0])).toBe(false);
    expect(residual[0]).toBe(0);
    expect(residual[1]).not.toBe(0);
  });
});
