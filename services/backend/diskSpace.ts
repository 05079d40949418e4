/** A full disk as one sentence, whether it is seen before the work, by us, or by a program that we ran. */
import { GanglionError } from '../errors/ganglionError.ts';

/** What an unpacked install needs beside the download: 274 MB of wheel become 860 MB. */
const DISK_BYTES_MIN = { cpu: 1.2e9, gpu: 8e9 };

/** Throws `disk` where `freeBytes` on the disk of `folder` cannot hold an install. */
export function requireDisk(folder: string, freeBytes: number, gpu: boolean): void {
  const needed = gpu ? DISK_BYTES_MIN.gpu : DISK_BYTES_MIN.cpu;
  if (freeBytes >= needed) return;
  throw new GanglionError({
    code: 'disk',
    message: `The disk that holds ${folder} has ${gigabytes(freeBytes)} GB free; the install needs ${gigabytes(needed)}.`,
    remedy: 'Make room and run the command again.',
  });
}

export function diskFull(what: string, cause?: unknown): GanglionError {
  return new GanglionError({
    code: 'disk',
    message: `The disk is full: there was no room for ${what}.`,
    remedy: 'Make room and run the command again: what was downloaded whole is kept.',
    cause,
  });
}

/** True for an error of a file operation of ours. EDQUOT is a user's quota. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

/** True for the words of pip or a compiler. */
export function saysDiskFull(text: string): boolean {
  return /No space left on device|Disk quota exceeded/i.test(text);
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
