/** Proves that folders are made with those above them, and that a place where none can be made is told at once. */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from '../../services/checkpoint/durableFile.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ganglion-folders-'));
  await writeFile(join(folder, 'file'), '');
});
afterAll(() => rm(folder, { recursive: true }));

it('makes all that is missing, for its owner alone where that is asked for, also twice and by two at once', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  await Promise.all([makeFolder(deep, 0o700), makeFolder(deep, 0o700)]);
  await makeFolder(deep);
  for (const one of [deep, join(folder, 'a')]) expect((await stat(one)).mode & 0o777).toBe(0o700);
});

it.each(['file', 'file/below', '../../../../../../../proc/ganglion/below'])('refuses %s', async (place) => {
  await expect(makeFolder(join(folder, place))).rejects.toMatchObject({ code: 'disk' });
});
