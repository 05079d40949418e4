/** The power iteration for a matrix's largest singular value, in plain JS: the same bits on every backend. */
import { must } from '../errors/invariant.ts';

/** `steps` times u ← WᵀW·u / ‖WᵀW·u‖, in place. @param weight [rows, u.length] row by row. */
export function iteratePower(weight: Float32Array, u: Float32Array, steps: number): void {
  const rows = weight.length / u.length;
  let vector = unit(Float64Array.from(u));
  for (let step = 0; step < steps; step += 1) {
    const next = new Float64Array(u.length);
    for (let row = 0; row < rows; row += 1) {
      const own = weight.subarray(row * u.length, (row + 1) * u.length);
      const product = own.reduce((sum, value, column) => sum + value * must(vector[column], 'u'), 0);
      for (let column = 0; column < own.length; column += 1) {
        next[column] = must(next[column], 'sum') + product * must(own[column], 'weight');
      }
    }
    vector = unit(next);
  }
  u.set(vector);
}

/** Of length 1; what has no direction stays as it is. */
export function unit(vector: Float64Array): Float64Array {
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return norm > 0 ? vector.map((value) => value / norm) : vector;
}
