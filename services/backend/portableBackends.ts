/** The backends that need nothing but npm: WASM, and plain JavaScript. */
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import type * as tfjsWasm from '@tensorflow/tfjs-backend-wasm';

interface PortableBackend {
  readonly tf: typeof tfjs;
  /** tfjs's version. */
  readonly version: string;
}

/** One thread with SIMD. In Node the package starts no threads of its own anyway; bits must not depend on that. */
export async function loadWasm(): Promise<PortableBackend> {
  const require = createRequire(import.meta.url);
  const tf = require('@tensorflow/tfjs') as typeof tfjs;
  const wasm = require('@tensorflow/tfjs-backend-wasm') as typeof tfjsWasm;
  wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}${sep}`);
  wasm.setThreadsCount(1);
  await use(tf, 'wasm');
  return { tf, version: wasm.version_wasm };
}

export async function loadPlain(): Promise<PortableBackend> {
  const require = createRequire(import.meta.url);
  const tf = require('@tensorflow/tfjs') as typeof tfjs;
  await use(tf, 'cpu');
  // Its first operation would print an advertisement for the native package; doctor says that better.
  (tf.backend() as unknown as { firstUse: boolean }).firstUse = false;
  return { tf, version: tf.version_core };
}

async function use(tf: typeof tfjs, name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`tfjs could not start its ${name} backend`);
  await tf.ready();
}
