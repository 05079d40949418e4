/** Dropout masks: 16 random bits decide one value, so one Philox block masks eight. */
import { WORDS_PER_BLOCK } from './philox.ts';
import { blockSource, type RandomAddress } from './streams.ts';
import type { RandomRows } from './uniform.ts';

const VALUES_PER_BLOCK = 2 * WORDS_PER_BLOCK;
const LEVELS = 2 ** 16;

/**
 * Fills `out` from `offset` on, [count, width] row by row, with 1/keep where a value is kept and 0 where it is
 * dropped ("inverted" dropout: the mean stays, so nothing is rescaled when sampling). The probability is rounded
 * to a multiple of 2⁻¹⁶.
 */
export function fillDropoutMask(
  address: RandomAddress,
  rows: RandomRows,
  keep: number,
  out: Float32Array,
  offset: number,
): void {
  const source = blockSource(address, Math.ceil(rows.width / VALUES_PER_BLOCK));
  const threshold = Math.max(1, Math.round(keep * LEVELS));
  const kept = 1 / keep;
  let index = offset;
  for (let row = 0; row < rows.count; row += 1) {
    for (let column = 0; column < rows.width; column += 1) {
      const part = column % VALUES_PER_BLOCK;
      if (part === 0) source.draw(rows.first + row, column / VALUES_PER_BLOCK);
      const word = source.words[part >>> 1] ?? 0;
      const bits = part % 2 === 0 ? word & 0xffff : word >>> 16;
      out[index] = bits < threshold ? kept : 0;
      index += 1;
    }
  }
}
