/**
 * `ganglion backend install`: provisions libtensorflow under @tensorflow/tfjs-node-gpu and builds its addon.
 *
 * Everything is made in a `.partial-PID` folder beside, tried in a child process, then renamed into place; the stamp
 * is written last. Whatever moment a crash picks, either the former install or none is there, never half of one.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { addonSourceSha256, buildAddons, requireCompiler } from './addonBuild.ts';
import { probeAddon } from './addonProbe.ts';
import { sha256OfFile } from './fileHash.ts';
import { copyTree, linkLibraryNames, unpackWheel } from './libraryFiles.ts';
import { withLock } from './lock.ts';
import { requirePlatform } from './platform.ts';
import { defaultSite, nativeFiles, type Site } from './site.ts';
import { readStamp, type Stamp, writeStamp } from './stamp.ts';
import { diskFull, fetchWheel } from './wheelCache.ts';

export interface InstallOptions {
  /** The CUDA 12 build with NVIDIA's libraries, instead of the CPU build. */
  readonly gpu: boolean;
  /** A wheel, an unpacked wheel, or a folder with lib/ and include/; undefined for the pinned wheel. */
  readonly from: string | undefined;
  /** One line of progress. */
  readonly log: (line: string) => void;
}

export interface InstallReport {
  readonly outcome: 'installed' | 'already-installed';
  readonly stamp: Stamp;
  /** node_modules/@tensorflow/tfjs-node-gpu. */
  readonly folder: string;
  readonly elapsedMs: number;
  /** The outcome as one line. */
  readonly summary: string;
}

/** What an unpacked install needs beside the download: 274 MB of wheel become 860 MB. */
const DISK_BYTES_MIN = { cpu: 1.2e9, gpu: 8e9 };

/** Throws `backend`, `unreachable`, `corrupt`, `not-found`, `disk`. Two at once: the second waits for the first. */
export async function installBackend(options: InstallOptions, site: Site = defaultSite()): Promise<InstallReport> {
  const startMs = performance.now();
  const report = (outcome: InstallReport['outcome'], stamp: Stamp): InstallReport => ({
    outcome,
    stamp,
    folder: site.packageFolder,
    elapsedMs: performance.now() - startMs,
    summary: `libtensorflow ${stamp.version}${stamp.gpu ? ' with CUDA' : ''} ${outcome === 'installed' ? 'is installed' : 'was already installed'}`,
  });
  const before = await currentStamp(options, site);
  if (before) return report('already-installed', before);

  if (options.from === undefined) requirePlatform(site.platform, site.arch);
  const compiler = requireCompiler(site.env);
  mkdirSync(site.cacheFolder, { recursive: true });
  return withLock(join(site.packageFolder, '.ganglion-install.lock'), options.log, async () => {
    const meanwhile = await currentStamp(options, site);
    if (meanwhile) return report('already-installed', meanwhile);
    removeRemains(site.packageFolder);
    const partial = join(site.packageFolder, `.partial-${process.pid}`);
    try {
      requireDisk(site.packageFolder, options);
      const stamp = await make(options, site, compiler, partial);
      swapIn(partial, site.packageFolder, stamp);
      return report('installed', stamp);
    } catch (error) {
      throw isDiskFull(error) ? diskFull(site.packageFolder) : error;
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  });
}

/** The stamp of an install that already is what was asked for. A CUDA build serves who did not ask for one. */
async function currentStamp(options: InstallOptions, site: Site): Promise<Stamp | undefined> {
  const stamp = readStamp(site.packageFolder);
  if (!stamp || stamp.addonSourceSha256 !== addonSourceSha256(site)) return undefined;
  if (options.gpu && !stamp.gpu) return undefined;
  if (options.from === undefined) return stamp;
  const named = await source(options.from);
  if (named.isWheel) return named.sha256 === stamp.wheelSha256 ? stamp : undefined;
  return named.path === stamp.source ? stamp : undefined;
}

async function source(from: string) {
  const path = resolve(from);
  if (!existsSync(path)) {
    throw new GanglionError({
      code: 'not-found',
      message: `There is nothing at ${path}.`,
      remedy: 'Name a tensorflow wheel, the site-packages that it is installed in, or the C library’s folder.',
    });
  }
  const isWheel = statSync(path).isFile();
  return { path, isWheel, sha256: isWheel ? await sha256OfFile(path) : null };
}

async function make(options: InstallOptions, site: Site, compiler: string, partial: string): Promise<Stamp> {
  const { gpu, log } = options;
  const pinned = gpu ? site.wheels.gpu : site.wheels.cpu;
  const [library, ...cudaWheels] = pinned;
  const named = options.from === undefined ? undefined : await source(options.from);
  const wheel = must(library, 'the wheel with the library');
  let origin = { source: wheel.file, wheelSha256: wheel.sha256 as string | null };
  if (named) {
    origin = { source: named.path, wheelSha256: named.sha256 };
    if (named.sha256 !== null) log(`${named.path} has SHA-256 ${named.sha256}`);
  }

  log('unpacking the library');
  if (named && !named.isWheel) await copyTree(named.path, partial);
  else await unpackWheel(named?.path ?? (await fetchWheel(wheel, site, log)), partial);
  if (gpu && !existsSync(join(nativeFiles(partial).deps, 'nvidia'))) {
    for (const cudaWheel of cudaWheels) await unpackWheel(await fetchWheel(cudaWheel, site, log), partial);
  }
  linkLibraryNames(partial);

  log(`building the addon with ${compiler}`);
  await buildAddons(compiler, partial, site);
  log('trying it');
  const { version } = await probeAddon(nativeFiles(partial).addon, site.env);
  return { format: 1, gpu, ...origin, addonSourceSha256: addonSourceSha256(site), version };
}

/** Without its stamp the former install is gone; only the new stamp, last, makes the new files an install. */
function swapIn(partial: string, packageFolder: string, stamp: Stamp): void {
  const from = nativeFiles(partial);
  const to = nativeFiles(packageFolder);
  const old = join(packageFolder, `.old-${process.pid}`);
  mkdirSync(old);
  rmSync(to.stamp, { force: true });
  if (existsSync(to.deps)) renameSync(to.deps, join(old, 'deps'));
  if (existsSync(to.addonFolder)) renameSync(to.addonFolder, join(old, 'addon'));
  mkdirSync(dirname(to.addonFolder), { recursive: true });
  renameSync(from.addonFolder, to.addonFolder);
  renameSync(from.deps, to.deps);
  writeStamp(packageFolder, stamp);
  rmSync(old, { recursive: true, force: true });
}

/** Leftovers of an install that was killed. The caller holds the lock, so they are nobody's. */
function removeRemains(packageFolder: string): void {
  for (const name of readdirSync(packageFolder)) {
    if (/^\.(partial|old)-\d+$/.test(name)) rmSync(join(packageFolder, name), { recursive: true, force: true });
  }
}

function requireDisk(folder: string, { gpu }: InstallOptions): void {
  const { bavail, bsize } = statfsSync(folder);
  const needed = gpu ? DISK_BYTES_MIN.gpu : DISK_BYTES_MIN.cpu;
  if (bavail * bsize >= needed) return;
  throw new GanglionError({
    code: 'disk',
    message: `The disk that holds ${folder} has ${gigabytes(bavail * bsize)} GB free; the install needs ${gigabytes(needed)}.`,
    remedy: 'Make room and run the command again.',
  });
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC';
}
