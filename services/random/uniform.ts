/** Uniform numbers. The high 24 bits of a word give every float32 multiple of 2⁻²⁴ in [0, 1) the same chance. */
import { type RandomAddress, rowSource } from './streams.ts';

const STEP = 2 ** -24;

/** Rows of a matrix of random numbers: row r of it is row `first + r` of the address. */
export interface RandomRows {
  readonly first: number;
  readonly count: number;
  /** Values in a row. */
  readonly width: number;
}

/** Fills `out`, [count, width] row by row, with float32 values uniform in [low, high); rounding may reach `high`. */
export function fillUniform(
  address: RandomAddress,
  rows: RandomRows,
  low: number,
  high: number,
  out: Float32Array,
): void {
  const source = rowSource(address, rows.width);
  const scale = (high - low) * STEP;
  let index = 0;
  for (let row = 0; row < rows.count; row += 1) {
    source.draw(rows.first + row);
    for (let column = 0; column < rows.width; column += 1) {
      out[index] = low + ((source.words[column] ?? 0) >>> 8) * scale;
      index += 1;
    }
  }
}
