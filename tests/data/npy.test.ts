/**
 * Proves that .npy files are read as NumPy wrote them (against bytes that np.save itself wrote), by range, in every allowed
 * type and version, and that anything else is refused with the file, the byte and the reason.
 */
import { truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../services/data/source.ts';
import { dataOf } from './dataOf.ts';
import { floatsOf, sampleOf, valuesOf } from './samples.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const folder = temporaryFolder();
let files = 0;
const written = (bytes: Uint8Array) => folder.write(`${files++}.npy`, bytes);
const open = (path: string, more: object = {}) => openSource(dataOf({ dataset: 'npy', path, ...more }), 'train');

/** What np.save of NumPy 2 writes for arange(24, dtype=uint8).reshape(2, 3, 4). */
const BYTES = Buffer.from(
  'k05VTVBZAQB2AHsnZGVzY3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMsIDQpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhc=',
  'base64',
);
/** The same for float32 [[1.5, −2.25], [.001, 3e38], [0, 7]]. */
const FLOATS = Buffer.from(
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAMA/AAAQwG8SgzrmsWF/AAAAAAAA4EA=',
  'base64',
);
/** The same for int64 [0, 2, 1]. */
const LABELS = Buffer.from(
  'k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAIAAAAAAAAAAQAAAAAAAAA=',
  'base64',
);

/** A file made by hand. */
function npy(
  descr: string,
  shape: readonly number[],
  values: Uint8Array,
  options: { version?: 1 | 2 | 3; fortran?: string } = {},
) {
  const { version = 1, fortran = 'False' } = options;
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape.join(', ')},), }`;
  const start = version === 1 ? 10 : 12;
  const length = Math.ceil((start + text.length + 1) / 64) * 64 - start;
  const header = Buffer.alloc(start + length, ' ');
  header.write('\x93NUMPY', 'latin1');
  header.set([version, 0], 6);
  if (version === 1) header.writeUInt16LE(length, 8);
  else header.writeUInt32LE(length, 8);
  header.write(text, start);
  header.write('\n', header.length - 1);
  return Buffer.concat([header, values]);
}

const bytesOf = (values: Float32Array | Float64Array | BigInt64Array | Int16Array) => new Uint8Array(values.buffer);

describe('a .npy file', () => {
  it('of bytes is what NumPy wrote', () => {
    const source = open(written(BYTES));
    expect(source).toMatchObject({ name: 'npy', size: 2, shape: [3, 4, 1], type: 'uint8', classes: 0 });
    expect([...sampleOf(source, 1)]).toEqual([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
  });

  it('of float32 is what NumPy wrote', () => {
    const source = open(written(FLOATS));
    expect(source).toMatchObject({ size: 3, shape: [2], type: 'float32' });
    expect([...floatsOf(source)]).toEqual([1.5, -2.25, 0.001, 3e38, 0, 7].map(Math.fround));
  });

  it('has labels where a second file gives them', () => {
    const source = open(written(FLOATS), { labels: true, labelsPath: written(LABELS) });
    expect(source.classes).toBe(3);
    expect([0, 1, 2].map((index) => source.label(index))).toEqual([0, 2, 1]);
  });

  it.each([1, 2, 3] as const)('is read in version %i', (version) => {
    const source = open(written(npy('<f4', [2, 1], bytesOf(Float32Array.of(3, 4)), { version })));
    expect([...floatsOf(source)]).toEqual([3, 4]);
  });

  it('of float64 is rounded to float32', () => {
    const source = open(written(npy('<f8', [2], bytesOf(Float64Array.of(0.1, -1e-50)))));
    expect(source).toMatchObject({ size: 2, shape: [1], type: 'float32' });
    expect([...floatsOf(source)]).toEqual([Math.fround(0.1), -0]);
  });

  it('of four dimensions is images in colour; of one, numbers', () => {
    expect(open(written(npy('|u1', [2, 3, 4, 3], new Uint8Array(72)))).shape).toEqual([3, 4, 3]);
    expect(open(written(npy('|u1', [5, 7], new Uint8Array(35)))).shape).toEqual([7]);
    expect(open(written(npy('|u1', [5], new Uint8Array(5)))).shape).toEqual([1]);
    // One dimension has one order.
    expect(open(written(npy('|u1', [5], new Uint8Array(5), { fortran: 'True' }))).size).toBe(5);
  });

  it('may be larger than what is read of it: only the samples asked for are', () => {
    // 64 GiB of zeros that take no room on the disk, with a sample at the end.
    const path = written(npy('|u1', [2 ** 26, 1024], new Uint8Array()));
    truncateSync(path, 128 + 2 ** 36);
    const source = open(path);
    expect(source.size).toBe(2 ** 26);
    expect(sampleOf(source, 2 ** 26 - 1)).toEqual(new Uint8Array(1024));
  });

  it('that was cut while runs read it is named, with the place', () => {
    const path = written(BYTES);
    const source = open(path);
    truncateSync(path, 130);
    expect(() => sampleOf(source, 1)).toThrow(
      `${path} ends at byte 130; it had at least 152 bytes when it was opened.`,
    );
  });
});

describe('a broken .npy file is refused', () => {
  const changed = (at: number, value: number) => Buffer.from(BYTES).fill(value, at, at + 1);
  it.each([
    ['magic', changed(0, 0x50), 'at byte 0, the magic is "PNUMPY", not "NUMPY"'],
    ['version', changed(6, 4), 'at byte 6, the version is 4.0; 1.0, 2.0 and 3.0 are known'],
    ['empty file', Buffer.alloc(0), 'at byte 0, the file ends inside the header, which has 12 bytes or more'],
    [
      'end inside the header',
      BYTES.subarray(0, 50),
      'at byte 50, the file ends inside the header, which has 128 bytes',
    ],
    [
      'end inside the values',
      BYTES.subarray(0, 151),
      'at byte 151, the file is truncated: 2 × 3 × 4 values of 1 bytes end at 152',
    ],
    ['too long', Buffer.concat([BYTES, Buffer.of(0)]), 'at byte 152, the file is too long'],
    ['big endian', npy('>f4', [1], new Uint8Array(4)), 'at byte 11, the type is >f4; allowed: |u1, <f4, <f8'],
    ['objects', npy('|O', [1], new Uint8Array(8)), 'at byte 11, the type is |O; allowed: |u1, <f4, <f8'],
    ['int64', npy('<i8', [1], new Uint8Array(8)), 'the type is <i8; allowed: |u1, <f4, <f8 (cast with .astype'],
    [
      'Fortran order',
      npy('<f4', [2, 2], new Uint8Array(16), { fortran: 'True' }),
      'at byte 27, the values are in Fortran order',
    ],
    ['nothing in it', npy('<f4', [0, 2], new Uint8Array()), 'dimension 0 is 0'],
    ['one number', npy('<f4', [], new Uint8Array(4)), 'it is one number, not an array'],
    ['five dimensions', npy('|u1', [1, 1, 1, 1, 1], new Uint8Array(1)), 'it has 5 dimensions; a sample is at most'],
  ])('%s', (_, bytes, sentence) => {
    const path = written(bytes);
    expect(() => open(path)).toThrow(sentence);
    expect(() => open(path)).toThrow(
      expect.objectContaining({
        code: 'dataset',
        message: expect.stringContaining(`${path} is not a whole .npy file`),
      }),
    );
  });

  it.each([
    [
      'NaN',
      npy('<f4', [2, 2], bytesOf(Float32Array.of(1, 2, 3, Number.NaN))),
      'at byte 140, sample 1 has the value NaN',
    ],
    [
      'infinity',
      npy('<f8', [1, 1], bytesOf(Float64Array.of(-Infinity))),
      'at byte 128, sample 0 has the value -Infinity',
    ],
    ['beyond float32', npy('<f8', [1, 1], bytesOf(Float64Array.of(1e39))), 'sample 0 has the value 1e+39'],
  ])('%s, when its sample is read', (_, bytes, sentence) => {
    const source = open(written(bytes));
    expect(() => valuesOf(source)).toThrow(sentence);
  });

  it.each([
    ['negative', npy('<i2', [3], bytesOf(Int16Array.of(0, 1, -1))), 'at byte 132, label 2 is -1'],
    ['huge', npy('<i8', [3], bytesOf(BigInt64Array.of(0n, 65_536n, 1n))), 'at byte 136, label 1 is 65536'],
    ['of another count', npy('|u1', [4], new Uint8Array(4)), 'its shape is [4]; [3] is needed'],
    ['floats', npy('<f4', [3], new Uint8Array(12)), 'the type is <f4; allowed: |u1, |i1, <u2'],
  ])('labels that are %s', (_, bytes, sentence) => {
    expect(() => open(written(FLOATS), { labels: true, labelsPath: written(bytes) })).toThrow(sentence);
  });

  it('a file that is not there, a folder', () => {
    expect(() => open('/nowhere/x.npy')).toThrow('/nowhere/x.npy cannot be read: ENOENT');
    expect(() => open(folder.path)).toThrow('cannot be read: it is not a file');
  });
});
