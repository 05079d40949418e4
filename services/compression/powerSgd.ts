/**
 * The arithmetic of PowerSGD (Vogels, Karimireddy and Jaggi 2019, "PowerSGD: Practical low-rank gradient compression for
 * distributed optimization", algorithm 1), on row-major matrices. Plain loops that add in float64 and in a fixed order: the
 * same bits on every machine.
 */

/** Ranks a turn: their sums stay in registers (18 MB at rank 4: 92 ms for all of a phase, against 143 one by one). */
const BLOCK = 4;

/** P = M·Q: M is [rows, columns], Q [columns, rank], P [rows, rank]. */
export function multiply(m: Float32Array, q: Float32Array, rank: number, p: Float32Array): void {
  const columns = q.length / rank;
  for (let k = 0; k < rank; k += BLOCK) {
    const [k1, k2, k3] = others(k, rank);
    for (let row = 0; row * rank < p.length; row++) {
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let column = 0, at = 0; column < columns; column++, at += rank) {
        const value = m[row * columns + column] as number;
        a += value * (q[at + k] as number);
        b += value * (q[at + k1] as number);
        c += value * (q[at + k2] as number);
        d += value * (q[at + k3] as number);
      }
      const at = row * rank;
      p[at + k] = a;
      p[at + k1] = b;
      p[at + k2] = c;
      p[at + k3] = d;
    }
  }
}

/** Q = Mᵀ·P, row by row of M, which lies so in memory. */
export function multiplyTransposed(m: Float32Array, p: Float32Array, rank: number, q: Float32Array): void {
  const columns = q.length / rank;
  const sums = new Float64Array(BLOCK * columns);
  for (let k = 0; k < rank; k += BLOCK) {
    const [k1, k2, k3] = others(k, rank);
    sums.fill(0);
    for (let row = 0; row * rank < p.length; row++) {
      const from = row * rank;
      const [a, b, c, d] = [p[from + k], p[from + k1], p[from + k2], p[from + k3]] as [number, number, number, number];
      for (let column = 0, at = 0; column < columns; column++, at += BLOCK) {
        const value = m[row * columns + column] as number;
        sums[at] = (sums[at] as number) + value * a;
        sums[at + 1] = (sums[at + 1] as number) + value * b;
        sums[at + 2] = (sums[at + 2] as number) + value * c;
        sums[at + 3] = (sums[at + 3] as number) + value * d;
      }
    }
    for (let column = 0; column < columns; column++) {
      for (let i = 0; i < BLOCK && k + i < rank; i++) q[column * rank + k + i] = sums[column * BLOCK + i] as number;
    }
  }
}

/** M = P·Qᵀ. */
export function expand(p: Float32Array, q: Float32Array, rank: number, m: Float32Array): void {
  const columns = q.length / rank;
  const sums = new Float64Array(columns);
  for (let row = 0; row * rank < p.length; row++) {
    sums.fill(0);
    for (let k = 0; k < rank; k += BLOCK) {
      const [k1, k2, k3] = others(k, rank);
      const from = row * rank;
      const [a, b, c, d] = [p[from + k], p[from + k1], p[from + k2], p[from + k3]] as [number, number, number, number];
      // Where a block is cut short the last rank comes again: it counts once.
      const [has1, has2, has3] = [k1 > k ? b : 0, k2 > k1 ? c : 0, k3 > k2 ? d : 0];
      for (let column = 0, at = 0; column < columns; column++, at += rank) {
        const both = a * (q[at + k] as number) + has1 * (q[at + k1] as number);
        sums[column] = (sums[column] as number) + both + has2 * (q[at + k2] as number) + has3 * (q[at + k3] as number);
      }
    }
    m.set(sums, row * columns);
  }
}

/** The ranks after `k` in its block; the last one again where there are fewer. */
function others(k: number, rank: number): readonly [number, number, number] {
  return [Math.min(k + 1, rank - 1), Math.min(k + 2, rank - 1), Math.min(k + 3, rank - 1)];
}

/** A column that lost so much of its length to those before it is rounding noise: it has no direction of its own. */
const DEPENDENT = 1e-6;

/**
 * Makes P's columns orthonormal, from left to right (modified Gram–Schmidt). A column that depends on those before it
 * becomes 0.
 */
export function orthonormalize(p: Float32Array, rank: number): void {
  for (let k = 0; k < rank; k++) {
    const before = norm(p, rank, k);
    for (let j = 0; j < k; j++) subtractProjection(p, rank, k, j);
    const length = norm(p, rank, k);
    const isOwn = length > DEPENDENT * before;
    for (let at = k; at < p.length; at += rank) p[at] = isOwn ? (p[at] as number) / length : 0;
  }
}

/** Columns of Q that are 0, as those of a matrix that was 0, would stay so for ever: they begin again, from `fresh`. */
export function revive(q: Float32Array, rank: number, fresh: () => Float32Array): void {
  for (let k = 0; k < rank; k++) {
    if (norm(q, rank, k) > 0) continue;
    const from = fresh();
    for (let at = k; at < q.length; at += rank) q[at] = from[at] as number;
  }
}

function subtractProjection(p: Float32Array, rank: number, k: number, j: number): void {
  let product = 0;
  for (let at = 0; at < p.length; at += rank) product += (p[at + k] as number) * (p[at + j] as number);
  for (let at = 0; at < p.length; at += rank) p[at + k] = (p[at + k] as number) - product * (p[at + j] as number);
}

function norm(p: Float32Array, rank: number, k: number): number {
  let sum = 0;
  for (let at = k; at < p.length; at += rank) sum += (p[at] as number) ** 2;
  return Math.sqrt(sum);
}
