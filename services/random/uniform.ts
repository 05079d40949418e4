/** Uniform numbers. The high 24 bits of a word give every float32 multiple of 2⁻²⁴ in [0, 1) the same chance. */
import { WORDS_PER_BLOCK } from './philox.ts';
import { blockSource, type RandomAddress } from './streams.ts';

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
  const source = blockSource(address, Math.ceil(rows.width / WORDS_PER_BLOCK));
  const scale = (high - low) * STEP;
  let index = 0;
  for (let row = 0; row < rows.count; row += 1) {
    for (let column = 0; column < rows.width; column += 1) {
      const word = column % WORDS_PER_BLOCK;
      if (word === 0) source.draw(rows.first + row, column / WORDS_PER_BLOCK);
      out[index] = low + ((source.words[word] ?? 0) >>> 8) * scale;
      index += 1;
    }
  }
}
