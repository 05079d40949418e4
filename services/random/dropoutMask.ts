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
  // Looked up by the sign of a difference: a branch that nobody can predict took half of the time.
  const values = Float32Array.of(0, 1 / keep);
  for (let row = 0; row < rows.count; row += 1) {
    source.draw(rows.first + row);
    let index = offset + row * rows.width;
    const end = index + rows.width;
    // Even columns take the low half of their word, odd ones the high half.
    for (let word = 0; index < end; word += 1, index += 2) {
      const bits = source.words[word] ?? 0;
      out[index] = values[((bits & 0xffff) - threshold) >>> 31] ?? 0;
      if (index + 1 < end) out[index + 1] = values[((bits >>> 16) - threshold) >>> 31] ?? 0;
    }
  }
}
