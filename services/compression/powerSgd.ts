/**
 * The arithmetic of PowerSGD (Vogels, Karimireddy and Jaggi 2019, "PowerSGD: Practical low-rank gradient compression for
 * distributed optimization", algorithm 1), on row-major matrices. Plain loops that add in float64 and in a fixed order: the
 * same bits on every machine.
 */

/** P = M·Q: M is [rows, columns], Q [columns, rank], P [rows, rank]. */
export function multiply(m: Float32Array, q: Float32Array, rank: number, p: Float32Array): void {
  const columns = q.length / rank;
  const rows = p.length / rank;
  const sums = new Float64Array(rank);
  for (let row = 0; row < rows; row++) {
    sums.fill(0);
    for (let column = 0; column < columns; column++) {
      const value = m[row * columns + column] as number;
      for (let k = 0; k < rank; k++) sums[k] = (sums[k] as number) + value * (q[column * rank + k] as number);
    }
    p.set(sums, row * rank);
  }
}

/** Q = Mᵀ·P, row by row of M, which lies so in memory. */
export function multiplyTransposed(m: Float32Array, p: Float32Array, rank: number, q: Float32Array): void {
  const columns = q.length / rank;
  const rows = p.length / rank;
  const sums = new Float64Array(q.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = m[row * columns + column] as number;
      for (let k = 0; k < rank; k++) {
        const at = column * rank + k;
        sums[at] = (sums[at] as number) + value * (p[row * rank + k] as number);
      }
    }
  }
  q.set(sums);
}

/** M = P·Qᵀ. */
export function expand(p: Float32Array, q: Float32Array, rank: number, m: Float32Array): void {
  const columns = q.length / rank;
  const rows = p.length / rank;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += (p[row * rank + k] as number) * (q[column * rank + k] as number);
      m[row * columns + column] = sum;
    }
  }
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
