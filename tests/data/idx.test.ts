/** Proves that a whole IDX file is read, and that a broken one is refused with its name, the byte and a remedy. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIdx } from '../../services/data/idx.ts';
import { idxFile } from './idxFile.ts';

const whole = idxFile([2, 3, 4]);

/** Expects a refusal that names the file, says this, and has a remedy. */
function expectBroken(bytes: Uint8Array, sentence: string) {
  const message = expect.stringMatching(/^some\/file is not a whole IDX file: at byte /);
  expect(() => parseIdx('some/file', bytes, 3)).toThrow(
    expect.objectContaining({ code: 'dataset', message, remedy: expect.stringContaining('Get the file again') }),
  );
  expect(() => parseIdx('some/file', bytes, 3)).toThrow(sentence);
}

function changed(at: number, value: number): Uint8Array {
  const bytes = Uint8Array.from(whole);
  bytes[at] = value;
  return bytes;
}

describe('parseIdx', () => {
  it('reads dimensions and values of any whole file', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(shapes, (dimensions) => {
        const parsed = parseIdx('file', idxFile(dimensions), dimensions.length);
        expect(parsed.dimensions).toEqual(dimensions);
        expect([...parsed.values]).toEqual([...idxFile(dimensions).subarray(4 + 4 * dimensions.length)]);
      }),
    );
  });

  it('reads a file that lies inside a larger buffer', () => {
    const padded = new Uint8Array(whole.length + 3);
    padded.set(whole, 3);
    expect(parseIdx('file', padded.subarray(3), 3).dimensions).toEqual([2, 3, 4]);
  });

  it('refuses a file that is cut off anywhere', () => {
    for (let length = 0; length < whole.length; length++) {
      expectBroken(whole.subarray(0, length), `at byte ${length}`);
    }
  });

  it.each([
    ['is too long', Uint8Array.of(...whole, 0), 'at byte 40, the file is too long: 25 values for 2 × 3 × 4 = 24'],
    ['is truncated', whole.subarray(0, 39), 'at byte 39, the file is truncated: 23 values for 2 × 3 × 4 = 24'],
    ['ends in the header', whole.subarray(0, 9), 'at byte 9, the file ends inside the header, which has 16 bytes'],
    ['is no IDX file', changed(0, 0x1f), 'at byte 0, the magic number is 0x1f000803, not 0x00000803'],
    ['holds float32', changed(2, 0x0d), 'at byte 0, the magic number is 0x00000d03, not 0x00000803'],
    ['holds labels', idxFile([24]), 'at byte 0, the magic number is 0x00000801, not 0x00000803'],
    ['has no rows', idxFile([2, 0, 4]), 'at byte 8, dimension 1 is 0'],
    ['lies about its size', changed(4, 0xff), 'at byte 40, the file is truncated: 24 values for 4278190082 × 3 × 4'],
  ])('says what is wrong with a file that %s', (_, bytes, sentence) => {
    expectBroken(bytes, sentence);
  });
});
