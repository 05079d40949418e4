/** Images as bytes on the road, as float32 in [0, 1] in the networks. */

/** byte / 255 rounded to float32: the same value that a division on the device would give, from a table. */
const UNIT_VALUES = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

export function bytesToUnit(bytes: Uint8Array): Float32Array {
  const out = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) out[i] = UNIT_VALUES[bytes[i] ?? 0] ?? 0;
  return out;
}

/** value × 255, rounded, and clamped to 0 … 255; a NaN becomes 0. */
export function unitToBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(Uint8ClampedArray.from(values, (value) => value * 255).buffer);
}
