/** What NATS has of a run's durable events, in the run folder: a coordinator that starts again goes on from there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { replaceFile } from '../checkpoint/durableFile.ts';

const FILE = 'nats-cursor.json';

const cursorSchema = z.object({ nextSequence: z.number().int().min(0) });

/** The first sequence that is not confirmed. Without a cursor, or with a broken one, all is sent again, by the same ids. */
export async function readCursor(folder: string): Promise<number> {
  try {
    return cursorSchema.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8'))).nextSequence;
  } catch {
    return 0;
  }
}

/** Throws `disk`. */
export async function writeCursor(folder: string, nextSequence: number): Promise<void> {
  await replaceFile(join(folder, FILE), Buffer.from(`${JSON.stringify({ nextSequence })}\n`));
}
