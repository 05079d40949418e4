/** Proves the .npy files against the format's own rules and against the reader of data sets. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { npySource } from '../../services/data/npy.ts';
import { encodeNpy, npyHeader } from '../../services/picture/npy.ts';
import { dataOf } from '../data/dataOf.ts';
import { floatsOf } from '../data/samples.ts';

it.each([
  [[5], "'shape': (5,)"],
  [[2, 3, 4, 1], "'shape': (2, 3, 4, 1)"],
  [[10 ** 9, 28, 28, 1], "'shape': (1000000000, 28, 28, 1)"],
])('a header of %j begins with the magic word, is padded to 64 bytes and ends in a newline', (shape, words) => {
  const header = npyHeader('float32', shape);
  expect(header.toString('latin1', 0, 8)).toBe('\x93NUMPY\x01\x00');
  expect(header.readUInt16LE(8)).toBe(header.length - 10);
  expect(header.length % 64).toBe(0);
  expect(header.toString('latin1', 10)).toMatch(/^\{'descr': '<f4', 'fortran_order': False, .*\} *\n$/);
  expect(header.toString('latin1')).toContain(words);
});

it('is read back as the same values', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-npy-'));
  const path = join(folder, 'samples.npy');
  const values = Float32Array.from({ length: 24 }, (_, i) => Math.fround(Math.sin(i)));
  await writeFile(path, encodeNpy(values, [4, 2, 3, 1]));
  const data = dataOf({ dataset: 'npy', path, normalize: 'none' });
  if (data.dataset !== 'npy') throw new Error('not npy');
  const source = npySource(data);
  expect([source.size, source.shape, source.type]).toEqual([4, [2, 3, 1], 'float32']);
  expect(floatsOf(source)).toEqual(values);
  await rm(folder, { recursive: true });
});

it('refuses values that do not fill the shape', () => {
  expect(() => encodeNpy(new Float32Array(5), [2, 3])).toThrow('invariant');
});
