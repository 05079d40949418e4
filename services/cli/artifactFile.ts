/** A fetched artifact as a file: whole under its name, or not there at all. */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GanglionError } from '../errors/ganglionError.ts';

/** Writes beside, then renames: what was there before stays whole where the transfer fails. Throws `disk`. */
export async function saveArtifact(chunks: AsyncIterable<Uint8Array>, to: string): Promise<void> {
  const partial = `${to}.partial-${process.pid}`;
  try {
    await pipeline(Readable.from(chunks), createWriteStream(partial));
    await rename(partial, to);
  } catch (error) {
    // A name that is too long for a file is one of no file.
    await rm(partial, { force: true }).catch(() => undefined);
    if (error instanceof GanglionError) throw error;
    throw new GanglionError({
      code: 'disk',
      message: `${to.slice(0, 200)} cannot be written: ${reasonOf(error)}.`,
      remedy: 'Name a file in a folder that exists, with room and with your right to write.',
      cause: error,
    });
  }
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 400);
}

/** The same for what is in memory already. */
export function saveBytes(bytes: Uint8Array, to: string): Promise<void> {
  return saveArtifact(once(bytes), to);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The same as `saveArtifact` inside a folder, under the artifact's own path. Throws `refused` where that path leads out of it. */
export async function saveArtifactUnder(
  folder: string,
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const file = resolve(folder, name);
  if (relative(folder, file).startsWith('..') || join(folder, name) !== file) {
    throw new GanglionError({
      code: 'refused',
      message: `The coordinator names an artifact '${name}', which leads out of its run folder.`,
      remedy: 'Check that --coordinator is a Ganglion coordinator that you trust.',
    });
  }
  await mkdir(dirname(file), { recursive: true });
  await saveArtifact(chunks, file);
}
