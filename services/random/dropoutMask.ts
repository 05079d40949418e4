/** Dropout masks: 16 random bits decide one value, so one Philox block masks eight. */
import { type RandomAddress, rowSource } from './streams.ts';
import type { RandomRows } from './uniform.ts';

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
  const source = rowSource(address, Math.ceil(rows.width / 2));
  const threshold = Math.max(1, Math.round(keep * LEVELS));
  const kept = 1 / keep;
  for (let row = 0; row < rows.count; row += 1) {
    source.draw(rows.first + row);
    const begin = offset + row * rows.width;
    for (let column = 0; column < rows.width; column += 1) {
      // Even columns take the low half of their word, odd ones the high half.
      const bits = ((source.words[column >>> 1] ?? 0) >>> ((column & 1) << 4)) & 0xffff;
      out[begin + column] = bits < threshold ? kept : 0;
    }
  }
}
