/** Proves the checksum by its published answers, and that a record which is torn or changed ends what is read. */
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../services/tensorboard/crc32c.ts';
import { frame, readRecords } from '../../services/tensorboard/record.ts';

describe('crc32c', () => {
  it.each([
    ['123456789', Buffer.from('123456789'), 0xe3069283],
    // RFC 3720, appendix B.4.
    ['32 zeros', Buffer.alloc(32), 0x8a9136aa],
    ['32 ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['0 … 31', Buffer.from(Array.from({ length: 32 }, (_, i) => i)), 0x46dd794e],
  ])('of %s is the published one', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });
});

describe('records', () => {
  const data = ['one', '', 'three'].map((text) => Buffer.from(text));
  const file = Buffer.concat(data.map(frame));

  it('are read as they were written', () => {
    const { records, end } = readRecords(file);
    expect(records.map((record) => Buffer.from(record).toString())).toEqual(['one', '', 'three']);
    expect(end).toBe(file.length);
  });

  it('end before one that is torn, wherever that was', () => {
    const whole = frame(Buffer.from('one')).length + frame(Buffer.alloc(0)).length;
    for (let length = whole; length < file.length; length += 1) {
      const { records, end } = readRecords(file.subarray(0, length));
      expect([records.length, end]).toEqual([2, whole]);
    }
  });

  it('end before one that was changed', () => {
    for (let place = 0; place < file.length; place += 1) {
      const changed = Buffer.from(file);
      changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
      expect(readRecords(changed).end).toBeLessThan(file.length);
    }
  });
});
