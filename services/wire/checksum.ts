/** A checksum on every chunk of bulk bytes: what was changed on the way is refused by name, and never used. */
import { crc32 } from 'node:zlib';
import { GanglionError } from '../errors/ganglionError.ts';

export function checksumOf(bytes: Uint8Array): number {
  return crc32(bytes);
}

/** Throws `corrupt`. `what`: "a chunk of phase 7's sum at value 0", say. */
export function verifyChecksum(bytes: Uint8Array, expected: number, what: string): void {
  const found = crc32(bytes);
  if (found === expected) return;
  throw new GanglionError({
    code: 'corrupt',
    message: `${what} was changed on the way: its CRC-32 is ${found.toString(16)}, not ${expected.toString(16)}.`,
    remedy: 'It was not used, and is sent again in the next generation; look for a bad network card or proxy.',
  });
}
