/** The stamp deps/ganglion.json, written last: an install without a good stamp does not exist. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { nativeFiles, nativeFilesExist } from './site.ts';

export const stampSchema = z.object({
  /** Counts up where the files or what the addons offer changes: an older install is then none, and made anew. */
  format: z.literal(3),
  gpu: z.boolean().describe('A CUDA build, whether or not a GPU was there.'),
  source: z.string().describe('The pinned wheel’s file name, or the path that a person named.'),
  wheelSha256: z.string().nullable().describe('Of the wheel; null for a tree, which has no one hash.'),
  addonSourceSha256: z.string(),
  version: z.string().describe('Of the library, as it says itself.'),
});

export type Stamp = z.infer<typeof stampSchema>;

/** The stamp of a whole install in `folder`, or undefined: none, half of one, or one that a person damaged. */
export function readStamp(folder: string): Stamp | undefined {
  const file = nativeFiles(folder).stamp;
  if (!existsSync(file) || !nativeFilesExist(folder)) return undefined;
  try {
    return stampSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined; // An unreadable stamp means what a missing one means: install again.
  }
}

export function writeStamp(folder: string, stamp: Stamp): void {
  const file = nativeFiles(folder).stamp;
  writeFileSync(`${file}.new`, `${JSON.stringify(stamp, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
