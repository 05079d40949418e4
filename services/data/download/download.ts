/** Gets a public data set: its files, and what is in them where they are archives. */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../checkpoint/durableFile.ts';
import type { RemoteFile } from './catalog.ts';
import { type FetchOptions, fetchFile } from './fetchFile.ts';
import { unpack } from './unpack.ts';

export interface DownloadOptions extends Omit<FetchOptions, 'onProgress'> {
  /** Called with the file and the bytes of it that are there. */
  readonly onProgress: (file: RemoteFile, doneBytes: number) => void;
}

/** Brings all files into `folder`. What is there already is not fetched again. Throws `unreachable`, `corrupt` or `disk`. */
export async function download(files: readonly RemoteFile[], folder: string, options: DownloadOptions): Promise<void> {
  await makeFolder(folder);
  for (const file of files) {
    const onProgress = (doneBytes: number) => options.onProgress(file, doneBytes);
    if (isUnpacked(file, folder)) {
      onProgress(file.bytes);
      continue;
    }
    const path = join(folder, file.name);
    await fetchFile(file, path, { ...options, onProgress });
    if (!file.archive) continue;
    await unpack(path, join(folder, file.archive.folder), file.archive.members);
    rmSync(path);
  }
}

function isUnpacked({ archive }: RemoteFile, folder: string): boolean {
  if (!archive) return false;
  return archive.members.every(({ name, bytes }) => {
    const found = statSync(join(folder, archive.folder, name), { throwIfNoEntry: false });
    return found?.size === bytes;
  });
}
