/**
 * `ganglion backend install`: provisions libtensorflow under @tensorflow/tfjs-node-gpu and builds its addon.
 *
 * Everything is made in a `.partial-PID` folder beside, tried in a child process, then renamed into place; the stamp
 * is written last. Whatever moment a crash picks, either the former install or none is there, never half of one.
 */
import { existsSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { addonSourceSha256, buildAddons, requireCompiler } from './addonBuild.ts';
import { probeAddon } from './addonProbe.ts';
import { diskFull, isDiskFull, requireDisk } from './diskSpace.ts';
import { sha256OfFile } from './fileHash.ts';
import { copyTree, linkLibraryNames, syncFiles, unpackWheel } from './libraryFiles.ts';
import { withLock } from './lock.ts';
import { requirePlatform } from './platform.ts';
import { defaultSite, nativeFiles, type Site } from './site.ts';
import { readStamp, type Stamp } from './stamp.ts';
import { removeRemains, swapIn } from './swap.ts';
import { fetchWheel } from './wheelCache.ts';
import type { Wheel } from './wheels.ts';

export interface InstallOptions {
  /** The CUDA 12 build with NVIDIA's libraries, instead of the CPU build. */
  readonly gpu: boolean;
  /** A wheel, an unpacked wheel, or a folder with lib/ and include/; undefined for the pinned wheel. */
  readonly from: string | undefined;
  /** One line of progress. */
  readonly log: (line: string) => void;
  /** Stops the install: it then throws `aborted`, and what was there before stays. */
  readonly signal?: AbortSignal | undefined;
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

/**
 * Throws `backend`, `unreachable`, `corrupt`, `not-found`, `disk`, `aborted`. Two at once: the second waits for the
 * first.
 */
export async function installBackend(options: InstallOptions, site: Site = defaultSite()): Promise<InstallReport> {
  try {
    return await install(options, site);
  } catch (cause) {
    if (options.signal?.aborted) {
      throw new GanglionError({
        code: 'aborted',
        message: 'The install was stopped; nothing was changed.',
        remedy: 'Run `ganglion backend install` again: what was downloaded whole is kept.',
        cause,
      });
    }
    throw isDiskFull(cause) ? diskFull(`the library in ${site.packageFolder}`, cause) : cause;
  }
}

async function install(options: InstallOptions, site: Site): Promise<InstallReport> {
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

  if (options.from === undefined) requirePlatform(site, options.gpu);
  const compiler = requireCompiler(site.env);
  const lock = join(site.packageFolder, '.ganglion-install.lock');
  const alone = async () => {
    const meanwhile = await currentStamp(options, site);
    if (meanwhile) return report('already-installed', meanwhile);
    removeRemains(site.packageFolder);
    const partial = join(site.packageFolder, `.partial-${process.pid}`);
    try {
      requireDisk(site.packageFolder, site.freeBytes(site.packageFolder), options.gpu);
      const stamp = await make(options, site, compiler, partial);
      options.signal?.throwIfAborted();
      swapIn(partial, site.packageFolder, stamp);
      return report('installed', stamp);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  };
  return withLock(lock, options.log, alone, options.signal);
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
  const { gpu, log, signal } = options;
  const [pinned, ...cudaWheels] = gpu ? site.wheels.gpu : site.wheels.cpu;
  const origin = options.from === undefined ? await fetched(must(pinned, 'the wheel with the library')) : await named();

  async function fetched(wheel: Wheel) {
    return { path: await fetchWheel(wheel, site, log, signal), isWheel: true, name: wheel.file, sha256: wheel.sha256 };
  }
  async function named() {
    const found = await source(must(options.from, 'from'));
    if (found.sha256 !== null) log(`${found.path} has SHA-256 ${found.sha256}`);
    return { ...found, name: found.path };
  }

  log('unpacking the library');
  if (origin.isWheel) await unpackWheel(origin.path, partial, signal);
  else await copyTree(origin.path, partial);
  if (gpu && !existsSync(join(nativeFiles(partial).deps, 'nvidia'))) {
    for (const wheel of cudaWheels) await unpackWheel((await fetched(wheel)).path, partial, signal);
  }
  linkLibraryNames(partial);

  log(`building the addon with ${compiler}`);
  await buildAddons(compiler, partial, site, signal);
  log('trying it');
  const facts = await probeAddon(nativeFiles(partial).addon, site.env, signal);
  await syncFiles(partial);
  return {
    format: 3,
    // A library that computes on a GPU is a CUDA build, also where --from brought it without --gpu.
    gpu: gpu || facts.gpu,
    source: origin.name,
    wheelSha256: origin.sha256,
    addonSourceSha256: addonSourceSha256(site),
    version: facts.version,
  };
}
