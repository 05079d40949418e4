/** The kernels of a backend. */
import { invariant } from '../errors/invariant.ts';
import type { Device } from '../report/runView.ts';
import type { Kernels, Tf } from './kernels.ts';
import { plainKernels } from './plainKernels.ts';
import { tensorflowKernels } from './tensorflowKernels.ts';

/** @param tf must have the backend of `kind` chosen: tfjs calls both TensorFlow kinds `tensorflow`. */
export function createKernels(tf: Tf, kind: Device['backend']): Kernels {
  const backendName = kind === 'cuda' ? 'tensorflow' : kind;
  invariant(tf.getBackend() === backendName, `tfjs runs on ${tf.getBackend()}, not on ${backendName}`);
  return backendName === 'tensorflow' ? tensorflowKernels(tf) : plainKernels(tf, kind === 'wasm');
}
