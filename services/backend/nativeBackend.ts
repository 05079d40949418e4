/** Loads libtensorflow into this thread through @tensorflow/tfjs-node-gpu. */
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import type * as tfjs from '@tensorflow/tfjs';
import { defaultSite, nativeFiles } from './site.ts';

interface Quiet {
  /** Keeps what this process writes to stderr. */
  mute(): void;
  /** Returns what was kept; empty while another thread still loads. */
  unmute(): string;
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
    stayingLoaded(() => require('@tensorflow/tfjs-node-gpu'));
  } finally {
    process.stderr.write(othersWords(quiet.unmute()));
  }
  const tf = require('@tensorflow/tfjs') as typeof tfjs;
  await tf.setBackend('tensorflow');
  await tf.ready();
  const backend = tf.backend() as unknown as NativeKernelBackend;
  return { tf, version: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice };
}

/** Of dlopen; `node:os` does not name it. */
const RTLD_NODELETE: Partial<Record<NodeJS.Platform, number>> = { linux: 0x1000, darwin: 0x80 };

/**
 * Node unloads an addon when the thread that loaded it ends. libtensorflow leaves handlers for the end of the process,
 * which would then lead nowhere: a segmentation fault in place of the exit code.
 */
function stayingLoaded(load: () => void): void {
  const { dlopen } = process;
  const flags = constants.dlopen.RTLD_LAZY | (RTLD_NODELETE[process.platform] ?? 0);
  process.dlopen = (module, file) => dlopen.call(process, module, file, flags);
  try {
    load();
  } finally {
    process.dlopen = dlopen;
  }
}

/** TensorFlow's log lines, and absl's about logging itself. An error reaches the caller as an exception as well. */
const NOISE =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] |[IWE]\d{4} \d\d:\d\d:\d\d?|WARNING: All log messages before absl)/;

/** What was written to stderr during the load and is not TensorFlow's: it was only held back. */
export function othersWords(text: string): string {
  return text
    .split(/(?<=\n)/)
    .filter((line) => !NOISE.test(line))
    .join('');
}

/** Node 23 took the first away, and Node 22 warns of both; the package of 2024 still calls them. */
function restoreUtil(require: NodeJS.Require): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}
