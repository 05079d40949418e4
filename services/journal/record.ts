/** A journal's lines: `<number> <CRC-32 of number and record> <record as JSON>`. */
import { crc32 } from 'node:zlib';
import type { z } from 'zod';
import { GanglionError } from '../errors/ganglionError.ts';

export function encodeRecord(number: number, json: string): string {
  return `${number} ${checksum(`${number} ${json}`)} ${json}\n`;
}

/**
 * The records of a journal, and the bytes that they take: what follows them is a torn tail. Throws `corrupt` for a broken
 * record that others follow, and for one that does not fit the schema.
 */
export function decodeRecords<Entry>(
  file: string,
  bytes: Buffer,
  schema: z.ZodType<Entry>,
): { records: Entry[]; wholeBytes: number } {
  const records: Entry[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const newline = bytes.indexOf(0x0a, offset);
    const next = newline < 0 ? bytes.length : newline + 1;
    const line = newline < 0 ? undefined : decodeLine(bytes.toString('utf8', offset, newline));
    // Only the last line can be torn: it was never acknowledged. Anything before it was.
    if (!line && next === bytes.length) return { records, wholeBytes: offset };
    if (line?.number !== records.length) {
      const what = line ? `is number ${line.number}: lines are lost or doubled` : 'is broken, and others follow it';
      throw corrupt(
        `Record ${records.length} of ${file} (line ${records.length + 1}, at byte ${offset}) ${what}.`,
        'Restore the file from a backup, or start with another --data-dir; run folders can be resumed from there.',
      );
    }
    const parsed = schema.safeParse(JSON.parse(line.json));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw corrupt(
        `Record ${records.length} of ${file} (line ${records.length + 1}) has another form: ${issue?.path.join('.')}: ${issue?.message}.`,
        'Use the version of Ganglion that wrote it, or start with another --data-dir.',
      );
    }
    records.push(parsed.data);
    offset = next;
  }
  return { records, wholeBytes: offset };
}

/** A line's content where its checksum fits. */
function decodeLine(line: string): { number: number; json: string } | undefined {
  // With `s`, because JSON may hold U+2028 and U+2029, which end a line for `.` alone.
  const [, number, sum, json = ''] = /^(\d+) ([0-9a-f]{8}) (.*)$/s.exec(line) ?? [];
  return checksum(`${number} ${json}`) === sum ? { number: Number(number), json } : undefined;
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

function corrupt(message: string, remedy: string): GanglionError {
  return new GanglionError({ code: 'corrupt', message, remedy });
}
