/** Files that are either whole or not there: written beside, fsynced, renamed, and the folder fsynced. */
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GanglionError } from '../errors/ganglionError.ts';
import { failpoint } from '../failpoint/failpoint.ts';

/** Ends the name of what is not whole. */
const PARTIAL = '.partial';

/**
 * With those above it, where they are not there. Throws `disk`. Node's own `recursive` never ends where the system says of a folder
 * that is there that it is not, as /proc does.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  if ((await obstacle(folder, mode)) === undefined) return;
  const above = dirname(folder);
  if (above !== folder) await makeFolder(above, mode);
  const remaining = await obstacle(folder, mode);
  if (remaining) throw diskError(folder, remaining);
}

/** Undefined where the folder is there now, the error where one above it is not. Throws `disk` for all others. */
async function obstacle(folder: string, mode: number | undefined): Promise<unknown> {
  try {
    await mkdir(folder, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return error;
    const there = await stat(folder).catch(() => undefined);
    if (code !== 'EEXIST' || !there?.isDirectory()) throw diskError(folder, error);
  }
  return undefined;
}

/** Writes a folder of files atomically: afterwards `folder` has exactly these files, or is as it was. */
export async function writeFolder(folder: string, files: ReadonlyMap<string, readonly Uint8Array[]>): Promise<void> {
  const temporary = `${folder}${PARTIAL}`;
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    for (const [name, pieces] of files) await writeDurably(join(temporary, name), pieces);
    await syncFolder(temporary);
    // A checkpoint of the same phase holds the same bits; it makes room for the new one.
    await rm(folder, { recursive: true, force: true });
    failpoint('file.beforeRename');
    await rename(temporary, folder);
    failpoint('file.afterRename');
    await syncFolder(dirname(folder));
  } catch (error) {
    // What cannot be removed now is removed when the store is opened again: the first error is the one that counts.
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw diskError(folder, error);
  }
}

/** Removes a folder such that no reader ever finds half of it: renamed to what the next open removes, then removed. */
export async function removeFolder(folder: string): Promise<void> {
  const temporary = `${folder}${PARTIAL}`;
  try {
    await rename(folder, temporary);
    await rm(temporary, { recursive: true });
  } catch (error) {
    throw diskError(folder, error);
  }
}

/** Removes what an interrupted write or removal left in `parent`. */
export async function removePartial(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (name.endsWith(PARTIAL)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** Replaces one file atomically. @param mode of a file that is not for everybody's eyes. */
export async function replaceFile(file: string, bytes: Uint8Array, mode?: number): Promise<void> {
  const temporary = `${file}${PARTIAL}`;
  try {
    await writeDurably(temporary, [bytes], mode);
    await rename(temporary, file);
    await syncFolder(dirname(file));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw diskError(file, error);
  }
}

async function writeDurably(file: string, pieces: readonly Uint8Array[], mode?: number): Promise<void> {
  const handle = await open(file, 'w', mode);
  try {
    for (const piece of pieces) {
      // write() may write less than asked for (a nearly full disk); writeFile on a handle goes on until it is whole.
      await handle.writeFile(piece);
    }
    failpoint('file.beforeSync');
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** One sentence for what the disk said. */
export function diskError(path: string, error: unknown): GanglionError {
  if (error instanceof GanglionError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  return new GanglionError({
    code: 'disk',
    message: full ? `The disk is full: ${path} could not be written.` : `${path} cannot be used: ${message}.`,
    remedy: full
      ? 'Free some space (older checkpoints are kept as they were), then `ganglion runs resume`.'
      : 'Check that the folder is there and that this user may write to it, then try again.',
    cause: error,
  });
}
