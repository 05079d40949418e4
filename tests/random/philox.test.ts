/** Proves that our Philox4x32-10 is the published one: Random123's own known answers, and a BigInt reference; and that the SIMD kernel gives its words. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox4x32 } from '../../services/random/philox.ts';
import { fillBlocks } from '../../services/random/philoxBlocks.ts';

function draw(counter: readonly number[], key: readonly number[]): string {
  const out = new Uint32Array(4);
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
  philox4x32(key[0] ?? 0, key[1] ?? 0, c0, c1, c2, c3, out, 0);
  return Array.from(out, (word) => word.toString(16).padStart(8, '0')).join(' ');
}

describe('philox4x32', () => {
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], answer: '6627e8d5 e169c58d bc57ac4c 9b00dbd8' },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      answer: '408f276d 41c83b0e a20bc7c6 6d5451fd',
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      answer: 'd16cfe09 94fdcceb 5001e420 24126ea1',
    },
  ])('gives the Random123 known answer $answer', ({ counter, key, answer }) => {
    expect(draw(counter, key)).toBe(answer);
  });

  it('equals a reference with 64-bit integers on any key and counter', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
        expect(draw(counter, key)).toBe(reference(counter, key));
      }),
    );
  });
});

describe('fillBlocks', () => {
  it('has the words of one counter after the other, however many and wherever they begin', () => {
    const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const count = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(255, 256, 257, 1029));
    fc.assert(
      fc.property(
        fc.tuple(word, word, word, word),
        fc.tuple(word, word),
        count,
        ([c0, c1, c2, c3], [k0, k1], blocks) => {
          const [actual, expected] = [new Uint32Array(4 * blocks), new Uint32Array(4 * blocks)];
          fillBlocks(k0, k1, c0, c1, c2, c3, actual);
          for (let block = 0; block < blocks; block += 1)
            philox4x32(k0, k1, c0 + block, c1, c2, c3, expected, 4 * block);
          expect(actual).toEqual(expected);
        },
      ),
    );
  });
});

function reference(counter: readonly number[], key: readonly number[]): string {
  const mask = 0xffffffffn;
  let [c0 = 0n, c1 = 0n, c2 = 0n, c3 = 0n] = counter.map(BigInt);
  let [k0 = 0n, k1 = 0n] = key.map(BigInt);
  for (let round = 0; round < 10; round += 1) {
    const p0 = 0xd2511f53n * c0;
    const p1 = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & mask, (p0 >> 32n) ^ c3 ^ k1, p0 & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [c0, c1, c2, c3].map((word) => word.toString(16).padStart(8, '0')).join(' ');
}
