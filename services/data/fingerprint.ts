/** Whether a path means the same training set on two machines. */
import { createHash } from 'node:crypto';
import type { TrainingSet } from './dataset.ts';

/** Enough to tell two sets apart that lie at one path by accident. A large JPEG takes a second; all of a set take hours. */
const ROWS_MAX = 16;

/** SHA-256 in hex of the set's size and shape, and of rows spread evenly over it. */
export function fingerprintOf({ size, shape, format: { rowBytes }, read }: TrainingSet): string {
  const hash = createHash('sha256').update(JSON.stringify([size, shape, rowBytes]));
  const row = new Uint8Array(rowBytes);
  const count = Math.min(ROWS_MAX, size);
  for (let index = 0; index < count; index += 1) {
    read(Math.floor((index * size) / count), row, 0);
    hash.update(row);
  }
  return hash.digest('hex');
}
