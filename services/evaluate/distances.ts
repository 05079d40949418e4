/**
 * Squared Euclidean distances between all rows of two matrices, in blocks: ‖a‖² + ‖b‖² − 2a·b, the products on the device,
 * everything else in float64 here. Both are shifted by b's mean first, which leaves distances alone and takes away most of
 * what the expansion cancels. `Exact` decides where float32's error could.
 */
import type { Tf } from '../gan/kernels.ts';
import { columnMeans, type Matrix, rowsOf } from './matrix.ts';
import { productWith } from './product.ts';

/** Values of a block: 16 MB of products and 32 of distances. */
const BLOCK_VALUES = 4 * 1024 * 1024;
/** Half the distance between 1 and the next float32. */
const FLOAT32_UNIT = 2 ** -24;

export interface DistanceBlock {
  /** First row of `a`, and how many. */
  readonly first: number;
  readonly count: number;
  /** [count, b.rows]; overwritten by the next block. Never below 0. */
  readonly squared: Float64Array;
}

export interface Distances {
  /** In the order of a's rows. */
  blocks(): Generator<DistanceBlock>;
  /** A bound on the error of any squared distance of row `row` of a. */
  errorOf(row: number): number;
  /** The squared distance of two rows, in float64 from the values themselves. */
  exact(rowOfA: number, rowOfB: number): number;
}

export function distancesBetween(tf: Tf, a: Matrix, b: Matrix): Distances {
  const means = columnMeans(b);
  const [shiftedA, shiftedB] = [shifted(a, means), shifted(b, means)];
  const [normsA, normsB] = [squaredNorms(shiftedA), squaredNorms(shiftedB)];
  const widestB = Math.sqrt(normsB.reduce((most, norm) => Math.max(most, norm), 0));
  return {
    blocks: () => blocks(tf, shiftedA, shiftedB, normsA, normsB),
    // A sum of n products is off by at most n·u·Σ|aᵢbᵢ| (Higham 2002, §3.1), and the shifted values by a unit each.
    errorOf: (row) => {
      const norm = Math.sqrt(normsA[row] ?? 0);
      return 2 * FLOAT32_UNIT * (a.columns + 2) * norm * widestB + 4 * FLOAT32_UNIT * (norm + widestB) ** 2;
    },
    exact: (rowOfA, rowOfB) => exactDistance(a, rowOfA, b, rowOfB),
  };
}

function* blocks(tf: Tf, a: Matrix, b: Matrix, normsA: Float64Array, normsB: Float64Array): Generator<DistanceBlock> {
  const rowsMax = Math.max(1, Math.floor(BLOCK_VALUES / b.rows));
  const squared = new Float64Array(Math.min(rowsMax, a.rows) * b.rows);
  const all_BC = tf.tensor2d(b.values, [b.rows, b.columns]);
  try {
    for (let first = 0; first < a.rows; first += rowsMax) {
      const count = Math.min(rowsMax, a.rows - first);
      const products = productWith(tf, rowsOf(a, first, count), all_BC);
      for (let row = 0, at = 0; row < count; row += 1) {
        const norm = normsA[first + row] as number;
        for (let column = 0; column < b.rows; column += 1, at += 1) {
          const distance = norm + (normsB[column] as number) - 2 * (products[at] as number);
          squared[at] = Math.max(distance, 0);
        }
      }
      yield { first, count, squared: squared.subarray(0, count * b.rows) };
    }
  } finally {
    all_BC.dispose();
  }
}

function shifted({ rows, columns, values }: Matrix, means: Float64Array): Matrix {
  const moved = new Float32Array(values.length);
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) {
      moved[at] = (values[at] as number) - (means[column] as number);
    }
  }
  return { rows, columns, values: moved };
}

function squaredNorms({ rows, columns, values }: Matrix): Float64Array {
  const norms = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row += 1) {
    let sum = 0;
    for (let column = 0; column < columns; column += 1, at += 1) sum += (values[at] as number) ** 2;
    norms[row] = sum;
  }
  return norms;
}

function exactDistance(a: Matrix, rowOfA: number, b: Matrix, rowOfB: number): number {
  const [beginA, beginB] = [rowOfA * a.columns, rowOfB * b.columns];
  let sum = 0;
  for (let column = 0; column < a.columns; column += 1) {
    sum += ((a.values[beginA + column] as number) - (b.values[beginB + column] as number)) ** 2;
  }
  return sum;
}
