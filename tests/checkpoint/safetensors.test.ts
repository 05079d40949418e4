/**
 * Proves that what is written is the safetensors format (tensors aligned, header as specified), that it is read back, and
 * that a file which is broken in any way is refused with its name and what is wrong.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeHeader, type TensorSpec } from '../../services/checkpoint/safetensors.ts';

function valueCount(tensors: readonly TensorSpec[]): number {
  return tensors.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
}

/** A whole file with values 0, 1, 2, …. */
function fileOf(tensors: readonly TensorSpec[], metadata: Record<string, string> = {}): Uint8Array {
  const values = Float32Array.from({ length: valueCount(tensors) }, (_, i) => i);
  return new Uint8Array(Buffer.concat([encodeHeader(tensors, metadata), new Uint8Array(values.buffer)]));
}

/** A file with this header, however wrong, and this many bytes of data. */
function fileWith(header: unknown, dataBytes: number): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return new Uint8Array(Buffer.concat([length, json, Buffer.alloc(dataBytes)]));
}

const specs = fc
  .uniqueArray(
    fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__' && name !== '__proto__'),
    {
      maxLength: 8,
    },
  )
  .chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }).map((shape): TensorSpec => ({ name, shape })),
      ),
    ),
  );

describe('a safetensors file', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(specs, fc.dictionary(fc.constantFrom('run', 'phase', 'é'), fc.string()), (tensors, metadata) => {
        const bytes = fileOf(tensors, metadata);
        const read = decodeSafetensors('file', bytes);
        expect({ ...read.metadata }).toEqual({ ...metadata });
        expect([...read.tensors].sort(byName)).toEqual([...tensors].sort(byName));
        expect(read.data).toEqual(bytes.subarray(bytes.length - 4 * valueCount(tensors)));
      }),
    );
  });

  it('keeps the canonical order, whatever the names', () => {
    // Objects put keys that look like integers first: the order must not come from them.
    const tensors = ['b', '7', 'a', '1'].map((name) => ({ name, shape: [2] }));
    expect(decodeSafetensors('file', fileOf(tensors)).tensors).toEqual(tensors);
  });

  it('has the form that the specification gives', () => {
    const bytes = Buffer.from(
      fileOf(
        [
          { name: 'w', shape: [2, 3] },
          { name: 'b', shape: [3] },
        ],
        { phase: '7' },
      ),
    );
    const headerBytes = Number(bytes.readBigUInt64LE(0));
    expect(headerBytes % 8).toBe(0);
    const json = bytes.toString('utf8', 8, 8 + headerBytes);
    expect(json[0]).toBe('{');
    expect(JSON.parse(json)).toEqual({
      __metadata__: { phase: '7' },
      w: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
      b: { dtype: 'F32', shape: [3], data_offsets: [24, 36] },
    });
    expect(bytes.readFloatLE(8 + headerBytes + 4 * 8)).toBe(8);
    expect(bytes.length).toBe(8 + headerBytes + 36);
  });

  it('never has two tensors of one name', () => {
    const twice = { name: 'w', shape: [1] };
    expect(() => encodeHeader([twice, twice], {})).toThrow('invariant');
  });
});

describe('a broken safetensors file', () => {
  const w = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
  const whole = fileOf([{ name: 'w', shape: [2, 3] }]);

  it('is refused where it is cut off', () => {
    for (let length = 0; length < whole.length; length++) expectRefusal(whole.subarray(0, length), /whole safetensors/);
  });

  it.each([
    ['is too short', new Uint8Array(7), /has 7 bytes, less than a header's length/],
    ['has a header beyond its end', fileWith({}, 0).subarray(0, 9), /header is said to have 2 bytes, the file has 9/],
    ['has an absurd header length', new Uint8Array(16).fill(255), /header is said to have 18446744073709552000 bytes/],
    ['has no JSON', fileWith('{"w":', 0), /header is not JSON/],
    ['has a list for a header', fileWith([w], 8), /header has a wrong form/],
    ['has nothing for a header', fileWith(null, 0), /header has a wrong form/],
    ['has an entry of null', fileWith({ w: null }, 0), /header has a wrong w \(/],
    ['has no shape', fileWith({ w: { ...w, shape: undefined } }, 8), /header has a wrong w\.shape \(/],
    ['has a negative shape', fileWith({ w: { ...w, shape: [-1, -2] } }, 8), /header has a wrong w\.shape\.0 \(/],
    ['has half a value', fileWith({ w: { ...w, shape: [0.5, 4] } }, 8), /header has a wrong w\.shape\.0 \(/],
    ['has one offset', fileWith({ w: { ...w, data_offsets: [0] } }, 8), /header has a wrong w\.data_offsets/],
    [
      'has metadata of numbers',
      fileWith({ __metadata__: { phase: 1 }, w }, 8),
      /header has a wrong __metadata__\.phase/,
    ],
    ['has another type', fileWith({ w: { ...w, dtype: 'BF16' } }, 8), /tensor 'w' is BF16, not F32/],
    ['has a wrong size', fileWith({ w: { ...w, shape: [3] } }, 8), /tensor 'w' of shape \[3\] has 8 bytes, not 12/],
    ['has a gap', fileWith({ w: { ...w, data_offsets: [4, 12] } }, 12), /tensor 'w' begins at 4, not at 0/],
    ['overlaps', fileWith({ w, v: { ...w, data_offsets: [4, 12] } }, 12), /tensor 'v' begins at 4, not at 8/],
    ['holds a tensor twice over', fileWith({ w, v: w }, 8), /tensor 'v' begins at 0, not at 8/],
    ['runs out of range', fileWith({ w }, 4), /tensors have 8 bytes, its data 4/],
    ['has bytes to spare', fileWith({ w }, 9), /tensors have 8 bytes, its data 9/],
  ])('is refused where it %s', (_, bytes, sentence) => {
    expectRefusal(bytes, sentence);
  });
});

function expectRefusal(bytes: Uint8Array, sentence: RegExp): void {
  const decode = () => decodeSafetensors('some/state.safetensors', bytes);
  expect(decode).toThrow(sentence);
  expect(decode).toThrow(
    expect.objectContaining({
      code: 'corrupt',
      message: expect.stringContaining('some/state.safetensors'),
      remedy: expect.stringContaining('checkpoints verify'),
    }),
  );
}

function byName(a: TensorSpec, b: TensorSpec): number {
  return a.name < b.name ? -1 : 1;
}
