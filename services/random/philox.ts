/**
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011), section 3.3. Random numbers are a pure function of (key, counter), so any worker can draw
 * exactly the numbers of any sample, in any order, without a state to hand over.
 */

const MULTIPLIER_0_LOW = 0x1f53;
const MULTIPLIER_0_HIGH = 0xd251;
const MULTIPLIER_0 = 0xd2511f53 | 0;
const MULTIPLIER_1_LOW = 0x8d57;
const MULTIPLIER_1_HIGH = 0xcd9e;
const MULTIPLIER_1 = 0xcd9e8d57 | 0;
/** The Weyl sequence of the key: the golden ratio and √3 − 1, in 32 bits. */
const WEYL_0 = 0x9e3779b9 | 0;
const WEYL_1 = 0xbb67ae85 | 0;
const ROUNDS = 10;

/** Random words that one counter gives. */
export const WORDS_PER_BLOCK = 4;

/**
 * Writes the four 32-bit words of counter (c0, c1, c2, c3) under key (k0, k1) to `out[offset … offset + 3]`.
 *
 * The high half of each 32×32→64-bit product is put together from 16-bit halves, because JavaScript has no 64-bit
 * product without BigInt, which is far slower. No partial sum reaches 2³².
 */
export function philox4x32(
  k0: number,
  k1: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  out: Uint32Array,
  offset: number,
): void {
  let [key0, key1, x0, x1, x2, x3] = [k0, k1, c0, c1, c2, c3];
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = productHigh(MULTIPLIER_0_HIGH, MULTIPLIER_0_LOW, x0);
    const high1 = productHigh(MULTIPLIER_1_HIGH, MULTIPLIER_1_LOW, x2);
    const low0 = Math.imul(MULTIPLIER_0, x0);
    const low1 = Math.imul(MULTIPLIER_1, x2);
    x0 = high1 ^ x1 ^ key0;
    x1 = low1;
    x2 = high0 ^ x3 ^ key1;
    x3 = low0;
    key0 = (key0 + WEYL_0) | 0;
    key1 = (key1 + WEYL_1) | 0;
  }
  out[offset] = x0;
  out[offset + 1] = x1;
  out[offset + 2] = x2;
  out[offset + 3] = x3;
}

/** The high 32 bits of (high·2¹⁶ + low)·b, as a signed 32-bit integer. */
function productHigh(high: number, low: number, b: number): number {
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle0 = (Math.imul(high, bLow) + (Math.imul(low, bLow) >>> 16)) | 0;
  const middle1 = (Math.imul(low, bHigh) + (middle0 & 0xffff)) | 0;
  return (Math.imul(high, bHigh) + (middle0 >>> 16) + (middle1 >>> 16)) | 0;
}
