/**
 * The backends that these tests run on: plain JS always, libtensorflow where it is installed (`ganglion backend install`).
 * tfjs is loaded by `require`, as tfjs-node itself does, so that there is one instance of it.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Tf } from '../../services/gan/kernels.ts';

export interface TestBackend {
  readonly kind: 'cpu' | 'tensorflow';
  /** tfjs with this backend chosen. */
  readonly start: () => Promise<Tf>;
}

const require = createRequire(import.meta.url);
const NATIVE_PACKAGE = '@tensorflow/tfjs-node-gpu';

export function testBackends(): readonly TestBackend[] {
  const cpu: TestBackend = { kind: 'cpu', start: () => start('@tensorflow/tfjs', 'cpu') };
  const native: TestBackend = { kind: 'tensorflow', start: () => start(NATIVE_PACKAGE, 'tensorflow') };
  return nativeInstalled() ? [cpu, native] : [cpu];
}

function nativeInstalled(): boolean {
  const root = dirname(require.resolve(`${NATIVE_PACKAGE}/package.json`));
  return existsSync(join(root, 'lib', 'napi-v8', 'tfjs_binding.node'));
}

async function start(name: string, backend: string): Promise<Tf> {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  process.env.TF_NUM_INTRAOP_THREADS ??= '1';
  const tf = require(name) as Tf;
  await tf.setBackend(backend);
  return tf;
}
