/** Where the native backend lives: the folders and the environment that an install works in. Tests pass their own. */
import { existsSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { packageRoot } from '../config/packageRoot.ts';
import { type PinnedWheels, pinnedWheels } from './wheels.ts';

export interface Site {
  /** node_modules/@tensorflow/tfjs-node-gpu: its own files are read, `deps` and `lib/napi-v8` are ours. */
  readonly packageFolder: string;
  /** Verified wheels are kept here, so that an install that was cut off does not download twice. */
  readonly cacheFolder: string;
  /** C headers of Node's addon interface (npm package node-api-headers). */
  readonly nodeApiHeaders: string;
  /** C++ source of the addon that wraps the package's own. */
  readonly bindingSource: string;
  /** C++ source of the stderr mute. */
  readonly quietSource: string;
  /** For the child processes: PATH finds python3 and the compiler, CXX names a compiler. */
  readonly env: NodeJS.ProcessEnv;
  readonly platform: string;
  readonly arch: string;
  readonly wheels: PinnedWheels;
  /** Room for this user on the disk of a folder. */
  freeBytes(folder: string): number;
}

/** The site of this program. */
export function defaultSite(): Site {
  const require = createRequire(import.meta.url);
  return {
    packageFolder: dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')),
    cacheFolder: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ganglion'),
    nodeApiHeaders: join(dirname(require.resolve('node-api-headers/package.json')), 'include'),
    bindingSource: join(packageRoot(), 'services', 'backend', 'binding.cc'),
    quietSource: join(packageRoot(), 'services', 'backend', 'quiet.cc'),
    env: process.env,
    platform: process.platform,
    arch: process.arch,
    wheels: pinnedWheels(process.platform, process.arch),
    freeBytes: (folder) => {
      const { bavail, bsize } = statfsSync(folder);
      return bavail * bsize;
    },
  };
}

/** The files of an install, seen from the folder that holds `deps` and `lib` (the package's, or a partial one). */
export function nativeFiles(folder: string) {
  return {
    deps: join(folder, 'deps'),
    libraries: join(folder, 'deps', 'lib'),
    headers: join(folder, 'deps', 'include'),
    stamp: join(folder, 'deps', 'ganglion.json'),
    addonFolder: join(folder, 'lib', 'napi-v8'),
    addon: join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'),
    quiet: join(folder, 'lib', 'napi-v8', 'ganglion_quiet.node'),
  } as const;
}

/** True where both addons and both libraries are on disk. Says nothing about who put them there: see the stamp. */
export function nativeFilesExist(folder: string): boolean {
  const files = nativeFiles(folder);
  const needed = [files.addon, files.quiet, ...LIBRARIES.map((name) => join(files.libraries, name))];
  return needed.every((file) => existsSync(file));
}

export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;
