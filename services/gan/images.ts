/**
 * Images as bytes on the road, as float32 in [0, 1] in the networks: a byte becomes byte / 255 by a division on the device,
 * which IEEE 754 rounds the same everywhere, and comes back here.
 */

export const BYTE_MAX = 255;

/** value × 255, rounded, and clamped to 0 … 255; a NaN becomes 0. */
export function unitToBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(Uint8ClampedArray.from(values, (value) => value * BYTE_MAX).buffer);
}
