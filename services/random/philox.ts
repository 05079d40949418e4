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
  // The two products are written out: as a function of their own they cost a third more time.
  let key0 = k0 | 0;
  let key1 = k1 | 0;
  let x0 = c0 | 0;
  let x1 = c1 | 0;
  let x2 = c2 | 0;
  let x3 = c3 | 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const low0 = x0 & 0xffff;
    const high0 = x0 >>> 16;
    const low2 = x2 & 0xffff;
    const high2 = x2 >>> 16;
    // Middle sums of al·bl + (ah·bl + al·bh)·2¹⁶ + ah·bh·2³², with their carries.
    const middle0 = (Math.imul(MULTIPLIER_0_HIGH, low0) + (Math.imul(MULTIPLIER_0_LOW, low0) >>> 16)) | 0;
    const carry0 = (Math.imul(MULTIPLIER_0_LOW, high0) + (middle0 & 0xffff)) | 0;
    const product0 = (Math.imul(MULTIPLIER_0_HIGH, high0) + (middle0 >>> 16) + (carry0 >>> 16)) | 0;
    const middle1 = (Math.imul(MULTIPLIER_1_HIGH, low2) + (Math.imul(MULTIPLIER_1_LOW, low2) >>> 16)) | 0;
    const carry1 = (Math.imul(MULTIPLIER_1_LOW, high2) + (middle1 & 0xffff)) | 0;
    const product1 = (Math.imul(MULTIPLIER_1_HIGH, high2) + (middle1 >>> 16) + (carry1 >>> 16)) | 0;
    const next1 = Math.imul(MULTIPLIER_1, x2);
    const next3 = Math.imul(MULTIPLIER_0, x0);
    x0 = product1 ^ x1 ^ key0;
    x1 = next1;
    x2 = product0 ^ x3 ^ key1;
    x3 = next3;
    key0 = (key0 + WEYL_0) | 0;
    key1 = (key1 + WEYL_1) | 0;
  }
  out[offset] = x0;
  out[offset + 1] = x1;
  out[offset + 2] = x2;
  out[offset + 3] = x3;
}
