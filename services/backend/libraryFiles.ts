/** Brings libtensorflow and its C headers into a folder's `deps`: out of a wheel, or from a tree on disk. */
import { constants, createWriteStream, existsSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { copyFile, cp, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { GanglionError } from '../errors/ganglionError.ts';
import { LIBRARIES, nativeFiles } from './site.ts';

/** What the addon's sources include, directly and through each other; the wheel has 11,000 more headers. */
const HEADERS = [
  /^tensorflow\/c\/.*\.h$/,
  /^tensorflow\/core\/platform\/ctstring[^/]*\.h$/,
  /^tsl\/platform\/ctstring[^/]*\.h$/,
  /^xla\/tsl\/c\/.*\.h$/,
];

/** The folders of the patterns above, so that a copy does not walk the others. */
const HEADER_FOLDERS = ['tensorflow/c', 'tensorflow/core/platform', 'tsl/platform', 'xla/tsl/c'] as const;

/** CUDA's wheels keep their layout: libtensorflow looks for `$ORIGIN/../nvidia/NAME/lib`, which is deps/nvidia/…. */
const CUDA_FILE = /^nvidia\/[^/]+\/(lib|bin|nvvm)\/.+$/;

/** Unpacks a TensorFlow wheel's library and headers, or a CUDA wheel's libraries, into `folder`/deps. */
export async function unpackWheel(wheel: string, folder: string, signal?: AbortSignal): Promise<void> {
  const zip = await openWheel(wheel);
  try {
    for await (const entry of zip.eachEntry()) {
      const target = targetOf(entry.fileName, folder);
      if (target === undefined) continue;
      mkdirSync(dirname(target), { recursive: true });
      // The upper half holds Unix permissions: CUDA's wheels bring programs (ptxas) that the library runs.
      const mode = (entry.externalFileAttributes >>> 16) & 0o111 ? 0o755 : 0o644;
      const output = createWriteStream(target, { mode });
      await pipeline(await zip.openReadStreamPromise(entry), output, { signal });
    }
  } finally {
    zip.close();
  }
}

async function openWheel(wheel: string) {
  try {
    return await openPromise(wheel, { autoClose: false });
  } catch (cause) {
    throw new GanglionError({
      code: 'corrupt',
      message: `${wheel} is not a wheel (a zip file): ${cause instanceof Error ? cause.message : cause}.`,
      remedy: 'Name a tensorflow wheel, or a folder that holds the library and its headers.',
      cause,
    });
  }
}

function targetOf(name: string, folder: string): string | undefined {
  const files = nativeFiles(folder);
  if (name.endsWith('/')) return undefined;
  if (CUDA_FILE.test(name)) return join(files.deps, name);
  const inner = name.replace(/^tensorflow\//, '');
  if (inner === name) return undefined;
  if (LIBRARIES.some((library) => library === inner)) return join(files.libraries, inner);
  const header = inner.replace(/^include\//, '');
  return header !== inner && isHeader(header) ? join(files.headers, header) : undefined;
}

/**
 * Copies from an unpacked wheel (site-packages, or its `tensorflow` folder) or from a folder with lib/ and include/
 * (the C library's tarball). A copy, so that the backend outlives the tree that it came from.
 */
export async function copyTree(tree: string, folder: string): Promise<void> {
  const files = nativeFiles(folder);
  const found = [
    { library: join(tree, 'tensorflow'), headers: join(tree, 'tensorflow', 'include') },
    { library: tree, headers: join(tree, 'include') },
    { library: join(tree, 'lib'), headers: join(tree, 'include') },
  ].find(({ library, headers }) => mainLibrary(library) && existsSync(join(headers, 'tensorflow', 'c', 'c_api.h')));
  const main = found && mainLibrary(found.library);
  if (!found || !main) {
    throw new GanglionError({
      code: 'not-found',
      message: `${tree} has neither tensorflow/libtensorflow_cc.so.2 with tensorflow/include nor lib/ and include/.`,
      remedy: 'Name a tensorflow wheel, the site-packages that it is installed in, or the C library’s folder.',
    });
  }
  mkdirSync(files.libraries, { recursive: true });
  await copyFile(main, join(files.libraries, LIBRARIES[0]), constants.COPYFILE_FICLONE);
  const framework = join(found.library, LIBRARIES[1]);
  if (existsSync(framework)) {
    await copyFile(framework, join(files.libraries, LIBRARIES[1]), constants.COPYFILE_FICLONE);
  }
  for (const name of HEADER_FOLDERS.filter((inner) => existsSync(join(found.headers, inner)))) {
    await cp(join(found.headers, name), join(files.headers, name), {
      recursive: true,
      dereference: true,
      filter: (source) => statSync(source).isDirectory() || isHeader(source.slice(found.headers.length + 1)),
    });
  }
  const nvidia = join(found.library === tree ? dirname(tree) : tree, 'nvidia');
  if (existsSync(nvidia)) await cp(nvidia, join(files.deps, 'nvidia'), { recursive: true, dereference: true });
}

function mainLibrary(folder: string): string | undefined {
  return [LIBRARIES[0], 'libtensorflow.so.2'].map((name) => join(folder, name)).find((file) => existsSync(file));
}

function isHeader(name: string): boolean {
  return HEADERS.some((pattern) => pattern.test(name));
}

/** The names under which the library is looked for: the addon's, and the C tarball's own soname. */
export function linkLibraryNames(folder: string): void {
  const { libraries } = nativeFiles(folder);
  for (const missing of LIBRARIES.filter((name) => !existsSync(join(libraries, name)))) {
    throw new GanglionError({
      code: 'corrupt',
      message: `The TensorFlow that was given has no ${missing}.`,
      remedy: 'Name a tensorflow or tensorflow-cpu wheel of 2.18 or later for this machine.',
    });
  }
  symlinkSync(LIBRARIES[0], join(libraries, 'libtensorflow.so.2'));
  symlinkSync(LIBRARIES[1], join(libraries, 'libtensorflow_framework.so'));
}

/** Brings the files to the disk before the stamp can vouch for them: a power cut may otherwise leave them empty. */
export async function syncFiles(folder: string): Promise<void> {
  const { libraries, addon, quiet } = nativeFiles(folder);
  for (const file of [...LIBRARIES.map((name) => join(libraries, name)), addon, quiet]) {
    const handle = await open(file, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}
