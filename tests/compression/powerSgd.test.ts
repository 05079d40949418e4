/** Proves PowerSGD's products by their definition, and that its columns come out orthonormal, or 0. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expand, multiply, multiplyTransposed, orthonormalize, revive } from '../../services/compression/powerSgd.ts';

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 7 }),
  columns: fc.integer({ min: 1, max: 7 }),
  rank: fc.integer({ min: 1, max: 3 }),
});
const values = fc.infiniteStream(fc.float({ min: -4, max: 4, noNaN: true }));

function draw(from: Iterator<number>, length: number): Float32Array {
  return Float32Array.from({ length }, () => from.next().value);
}

const at = (m: Float32Array, width: number, row: number, column: number) => m[row * width + column] as number;
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('the products', () => {
  it('are those of the definition', () => {
    fc.assert(
      fc.property(sizes, values, ({ rows, columns, rank }, from) => {
        const m = draw(from, rows * columns);
        const q = draw(from, columns * rank);
        const p = new Float32Array(rows * rank);
        multiply(m, q, rank, p);
        for (const i of range(rows)) {
          for (const k of range(rank)) {
            const wanted = range(columns).reduce((sum, j) => sum + at(m, columns, i, j) * at(q, rank, j, k), 0);
            expect(at(p, rank, i, k)).toBe(Math.fround(wanted));
          }
        }
        const back = new Float32Array(columns * rank);
        multiplyTransposed(m, p, rank, back);
        const whole = new Float32Array(rows * columns);
        expand(p, q, rank, whole);
        for (const j of range(columns)) {
          for (const k of range(rank)) {
            const wanted = range(rows).reduce((sum, i) => sum + at(m, columns, i, j) * at(p, rank, i, k), 0);
            expect(at(back, rank, j, k)).toBe(Math.fround(wanted));
          }
          for (const i of range(rows)) {
            const wanted = range(rank).reduce((sum, k) => sum + at(p, rank, i, k) * at(q, rank, j, k), 0);
            expect(at(whole, columns, i, j)).toBe(Math.fround(wanted));
          }
        }
      }),
    );
  });
});

describe('orthonormal columns', () => {
  it('have length 1 and no angle between them, or are 0', () => {
    fc.assert(
      fc.property(sizes, values, ({ rows, rank }, from) => {
        const p = draw(from, rows * rank);
        orthonormalize(p, rank);
        for (const j of range(rank)) {
          for (const k of range(rank)) {
            const product = range(rows).reduce((sum, i) => sum + at(p, rank, i, j) * at(p, rank, i, k), 0);
            if (j !== k) expect(Math.abs(product)).toBeLessThan(1e-2);
            else if (product !== 0) expect(product).toBeCloseTo(1, 4);
          }
        }
      }),
    );
  });

  it('span what they spanned: a matrix of that rank is given back whole', () => {
    const [rows, columns, rank] = [6, 5, 2];
    const p = Float32Array.from({ length: rows * rank }, (_, i) => Math.sin(3 * i + 1));
    const q = Float32Array.from({ length: columns * rank }, (_, i) => Math.cos(5 * i));
    const m = new Float32Array(rows * columns);
    expand(p, q, rank, m);
    const [left, right] = [new Float32Array(rows * rank), new Float32Array(columns * rank)];
    multiply(m, q, rank, left);
    orthonormalize(left, rank);
    multiplyTransposed(m, left, rank, right);
    const again = new Float32Array(rows * columns);
    expand(left, right, rank, again);
    for (const i of range(m.length)) expect(again[i]).toBeCloseTo(m[i] as number, 5);
  });

  it('of dependent ones: the second is 0', () => {
    const p = Float32Array.of(1, 2, 3, 6);
    orthonormalize(p, 2);
    expect([p[1], p[3]]).toEqual([0, 0]);
  });
});

it('a column of zeros begins again; others stay', () => {
  const q = Float32Array.of(0, 2, 0, 3);
  revive(q, 2, () => Float32Array.of(7, 8, 9, 10));
  expect([...q]).toEqual([7, 2, 9, 3]);
});
