/** Samples as the metrics take them: one a row. */
import { invariant } from '../errors/invariant.ts';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns], row by row. */
  readonly values: Float32Array;
}

export function matrixOf(values: Float32Array, columns: number): Matrix {
  const rows = values.length / columns;
  invariant(Number.isInteger(rows) && rows > 0, `${values.length} values are rows of ${columns}`);
  return { rows, columns, values };
}

/** Rows first … first + count − 1; shares memory. */
export function rowsOf({ columns, values }: Matrix, first: number, count: number): Matrix {
  return { rows: count, columns, values: values.subarray(first * columns, (first + count) * columns) };
}

/** The mean of each column, in float64. */
export function columnMeans({ rows, columns, values }: Matrix): Float64Array {
  const means = new Float64Array(columns);
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 1) {
      means[column] = (means[column] as number) + (values[at] as number);
    }
  }
  return means.map((sum) => sum / rows);
}
