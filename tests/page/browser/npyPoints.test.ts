/** Proves that the browser reads the points that a run folder has, and nothing else. */
import { expect, it } from 'vitest';
import { npyPoints } from '../../../services/page/browser/npyPoints.ts';
import { encodeNpy } from '../../../services/picture/npy.ts';

const bytesOf = (buffer: Buffer) => Uint8Array.from(buffer).buffer;

it('reads what the coordinator writes', () => {
  const file = encodeNpy(Float32Array.of(1.5, -2, 3, 0.25), [2, 2]);
  expect(npyPoints(bytesOf(file))).toEqual({ count: 2, values: Float32Array.of(1.5, -2, 3, 0.25) });
});

it('refuses another shape, another type, a torn file and no file', () => {
  expect(npyPoints(bytesOf(encodeNpy(Float32Array.of(1, 2, 3), [1, 3])))).toBeUndefined();
  expect(npyPoints(bytesOf(encodeNpy(Uint16Array.of(1, 2), [1, 2])))).toBeUndefined();
  expect(npyPoints(bytesOf(encodeNpy(Float32Array.of(1, 2), [1, 2]).subarray(0, -1)))).toBeUndefined();
  expect(npyPoints(new ArrayBuffer(4))).toBeUndefined();
});
