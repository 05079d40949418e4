/** Proves that the SIMD kernels do what the plain loops do, to the bit, wherever the vectors begin and however long they are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add } from '../../services/collective/addition.ts';
import { addBf16, packBf16, roundToBf16, roundWithFeedback, unpackBf16 } from '../../services/collective/bf16.ts';
import { Arena, kernelsOf } from '../../services/simd/arena.ts';

/** Where addition and rounding are least forgiving. NaNs have one form here: which one comes out is nobody's promise. */
const awkward = fc.oneof(
  fc.float(),
  fc.constantFrom(
    0,
    -0,
    1.4e-45,
    -1.4e-45,
    3.3895314e38,
    -3.4028235e38,
    1e30,
    1,
    1 + 2 ** -8,
    1 + 3 * 2 ** -8,
    2 ** -24,
  ),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const vectors = fc.record({ count: fc.nat(70), skip: fc.nat(3) }).chain(({ count, skip }) =>
  fc.record({
    skip: fc.constant(skip),
    left: fc.array(awkward, { minLength: count, maxLength: count }),
    right: fc.array(awkward, { minLength: count, maxLength: count }),
  }),
);

const bits = (values: Float32Array) =>
  [...values].map((value) => (Number.isNaN(value) ? 'NaN' : new Uint32Array(Float32Array.of(value).buffer)[0]));

/** The same values in plain memory, and in an arena, `skip` values behind a cache line. */
function both(arena: Arena, values: readonly number[], skip: number): [Float32Array, Float32Array] {
  const plain = Float32Array.from(values);
  const simd = arena.floats(values.length + skip).subarray(skip);
  simd.set(plain);
  return [plain, simd];
}

describe('in an arena', () => {
  it('vectors are added and rounded to the bits of plain loops', () => {
    const arena = new Arena();
    fc.assert(
      fc.property(vectors, ({ left, right, skip }) => {
        const [[a, x], [b, y]] = [both(arena, left, skip), both(arena, right, skip)];
        const [plain, simd] = [new Float32Array(a.length), arena.floats(a.length)];
        expect(kernelsOf(x, y, simd)).toBeDefined();
        expect(kernelsOf(a, y)).toBeUndefined();
        add(a, b, plain);
        add(x, y, simd);
        expect(bits(simd)).toEqual(bits(plain));
        const packed = [new Uint8Array(2 * a.length), arena.bytes(2 * a.length)] as const;
        packBf16(plain, packed[0]);
        packBf16(simd, packed[1]);
        expect(Buffer.from(packed[1]).equals(Buffer.from(packed[0]))).toBe(true);
        roundToBf16(plain);
        roundToBf16(simd);
        expect(bits(simd)).toEqual(bits(plain));
        const back = arena.floats(a.length);
        unpackBf16(packed[1], back);
        expect(bits(back)).toEqual(bits(plain));
        addBf16(x, y, simd);
        addBf16(a, b, plain);
        expect(bits(simd)).toEqual(bits(plain));
      }),
    );
  });

  it('error feedback leaves the bits of the plain loop', () => {
    const arena = new Arena();
    fc.assert(
      fc.property(vectors, ({ left, right, skip }) => {
        const [[a, x], [b, y]] = [
          both(arena, left, skip),
          both(
            arena,
            right.map((value) => value * 0.01),
            skip,
          ),
        ];
        const [plain, simd] = [new Float32Array(a.length), arena.floats(a.length)];
        roundWithFeedback(a, b, plain);
        roundWithFeedback(x, y, simd);
        expect(bits(x)).toEqual(bits(a));
        expect(bits(simd)).toEqual(bits(plain));
      }),
    );
  });

  it('views stay where they are while it grows, and what is new is 0', () => {
    const arena = new Arena();
    const first = arena.floats(1000).fill(1);
    const second = arena.floats(1_000_000);
    expect(second.every((value) => value === 0)).toBe(true);
    add(first, first, first);
    second.set(first);
    expect([first[999], second[999], second[1000]]).toEqual([2, 2, 0]);
    expect(kernelsOf(first, second)).toBeDefined();
  });

  it('vectors of two arenas have no kernels in common', () => {
    expect(kernelsOf(new Arena().floats(16), new Arena().floats(16))).toBeUndefined();
  });
});
