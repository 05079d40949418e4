/** Proves the way back of an image: every byte survives float32, and strange values become bytes. */
import { describe, expect, it } from 'vitest';
import { unitToBytes } from '../../services/gan/images.ts';

describe('unitToBytes', () => {
  it('brings every byte back', () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    expect(unitToBytes(Float32Array.from(bytes, (byte) => byte / 255))).toEqual(bytes);
  });

  it('rounds and clamps', () => {
    expect(Array.from(unitToBytes(Float32Array.of(-3, 0.4 / 255, 0.6 / 255, 7, Number.NaN)))).toEqual([
      0, 0, 1, 255, 0,
    ]);
  });
});
