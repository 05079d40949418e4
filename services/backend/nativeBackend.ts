/** Loads libtensorflow into this thread through @tensorflow/tfjs-node-gpu. */
import { createRequire } from 'node:module';
import type * as tfjs from '@tensorflow/tfjs';
import { defaultSite, nativeFiles } from './site.ts';

interface Quiet {
  mute(): void;
  unmute(): void;
}

/** What the package's backend object shows beside tfjs's own interface. */
interface NativeKernelBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

export interface NativeBackend {
  readonly tf: typeof tfjs;
  /** libtensorflow's version. */
  readonly version: string;
  readonly gpu: boolean;
}

/** The install must be whole (see `nativeObstacle`). Throws what the library throws. */
export async function loadNative(): Promise<NativeBackend> {
  const require = createRequire(import.meta.url);
  restoreUtil(require);
  const quiet = require(nativeFiles(defaultSite().packageFolder).quiet) as Quiet;
  // Muted, because the library prints to file descriptor 2 while it loads whatever its log level says.
  quiet.mute();
  try {
    require('@tensorflow/tfjs-node-gpu');
  } finally {
    quiet.unmute();
  }
  const tf = require('@tensorflow/tfjs') as typeof tfjs;
  await tf.setBackend('tensorflow');
  await tf.ready();
  const backend = tf.backend() as unknown as NativeKernelBackend;
  return { tf, version: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice };
}

/** Node 23 took the first away, and Node 22 warns of both; the package of 2024 still calls them. */
function restoreUtil(require: NodeJS.Require): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}
