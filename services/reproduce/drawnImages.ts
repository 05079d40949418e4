/**
 * Images that are drawn, in the official form of CIFAR-10, for machines without the real ones: ten shapes (the classes) of any
 * colour, size and place, on a ground that goes from one colour to another. They prove that a network trains on colour images
 * of that size; no number of theirs compares with one on CIFAR-10.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RowSource, rowSource } from '../random/streams.ts';

const SIDE = 32;
const PLANE = SIDE * SIDE;
const RECORD_BYTES = 1 + 3 * PLANE;
const RECORDS_PER_FILE = 10_000;
const FILES = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch'];

/** Whether a point is in the shape; x and y in units of its size, from its middle. */
const SHAPES: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => x * x + y * y < 1,
  (x, y) => x * x + y * y < 1 && x * x + y * y > 0.4,
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.85,
  (x, y) => Math.abs(x) + Math.abs(y) < 1,
  (x, y) => y < 0.8 && Math.abs(x) < (y + 1) / 2,
  (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.3 && Math.max(Math.abs(x), Math.abs(y)) < 1,
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 1 && Math.floor((y + 1) * 2.5) % 2 === 0,
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 1 && Math.floor((x + 1) * 2.5) % 2 === 0,
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 1 && (Math.floor((x + 1) * 2) + Math.floor((y + 1) * 2)) % 2 === 0,
  (x, y) => Math.abs(Math.hypot(x, y + 0.2) - 0.8) < 0.2 && y < 0.2,
];

/** The largest value of a random word, and one. */
const WORDS = 2 ** 32;
/** Of an image: class, place (2), size, the shape's colour (3), both colours of the ground (6). */
const NUMBERS = 13;

/** Writes the six files, 60,000 images, into `folder`: the same bytes for a seed. */
export async function writeDrawnImages(folder: string, seed: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const numbers = rowSource({ seed, stream: 'drawnImage', phase: 0, layer: 0 }, NUMBERS);
  for (const [file, name] of FILES.entries()) {
    const records = new Uint8Array(RECORDS_PER_FILE * RECORD_BYTES);
    for (let i = 0; i < RECORDS_PER_FILE; i += 1) {
      numbers.draw(file * RECORDS_PER_FILE + i);
      drawRecord(records.subarray(i * RECORD_BYTES, (i + 1) * RECORD_BYTES), numbers.words);
    }
    await writeFile(join(folder, `${name}.bin`), records);
  }
}

/** One record: the label, then all red, all green, all blue. */
function drawRecord(record: Uint8Array, words: RowSource['words']): void {
  const [kind = 0, ...u] = Array.from(words.subarray(0, NUMBERS), (word) => word / WORDS) as number[];
  const label = Math.floor(kind * SHAPES.length);
  const isIn = SHAPES[label] as (typeof SHAPES)[number];
  const [left = 0, top = 0, wide = 0, ...colours] = u;
  const [middleX, middleY, size] = [10 + 12 * left, 10 + 12 * top, 6 + 5 * wide];
  record[0] = label;
  const byte = (share: number) => Math.round(255 * share);
  for (let channel = 0; channel < 3; channel += 1) {
    const [shape = 0, above = 0, below = 0] = [colours[channel], colours[3 + channel], colours[6 + channel]];
    const plane = 1 + channel * PLANE;
    for (let y = 0; y < SIDE; y += 1) {
      record.fill(byte(above + ((below - above) * y) / (SIDE - 1)), plane + y * SIDE, plane + (y + 1) * SIDE);
    }
    const shade = byte(shape);
    // What lies farther out than its size is in no shape.
    for (let y = Math.max(0, Math.floor(middleY - size)); y <= Math.min(SIDE - 1, middleY + size); y += 1) {
      for (let x = Math.max(0, Math.floor(middleX - size)); x <= Math.min(SIDE - 1, middleX + size); x += 1) {
        if (isIn((x - middleX) / size, (y - middleY) / size)) record[plane + y * SIDE + x] = shade;
      }
    }
  }
}
