/** Where the time goes, by TensorFlow op: each op that goes to the device is timed on the way. */
import { invariant, must } from '../errors/invariant.ts';
import type { Tf } from '../gan/kernels.ts';
import { waitForDevice } from './waitForDevice.ts';

export interface KernelTime {
  /** TensorFlow's op name. */
  readonly op: string;
  readonly calls: number;
  readonly ms: number;
}

type Execute = (name: string, ...rest: readonly unknown[]) => unknown;
/** The two doors of tfjs-node's backend; our raw ops and tfjs's own kernels both go through them. */
interface TensorflowBackend {
  executeSingleOutput: Execute;
  executeMultipleOutputs: Execute;
}

/**
 * Runs `run` and returns its ops, the costliest first. On a GPU it waits for the device after every op, so that the sum
 * is more than the run needs otherwise.
 * @param tf must have the `tensorflow` backend chosen.
 */
export function kernelTimes(tf: Tf, kind: 'cuda' | 'tensorflow', run: () => void): readonly KernelTime[] {
  const found: object = tf.backend();
  invariant('executeSingleOutput' in found, `the backend ${tf.getBackend()} runs TensorFlow ops`);
  const backend = found as TensorflowBackend;
  const { executeSingleOutput, executeMultipleOutputs } = backend;
  const times = new Map<string, { calls: number; ms: number }>();
  let waiting = false;
  const timed =
    (execute: Execute): Execute =>
    (name, ...rest) => {
      if (waiting) return execute.call(backend, name, ...rest);
      const start = performance.now();
      const outputs = execute.call(backend, name, ...rest);
      if (kind === 'cuda') {
        waiting = true;
        waitForDevice(tf);
        waiting = false;
      }
      const time = times.get(name) ?? { calls: 0, ms: 0 };
      times.set(name, { calls: time.calls + 1, ms: time.ms + performance.now() - start });
      return outputs;
    };
  backend.executeSingleOutput = timed(executeSingleOutput);
  backend.executeMultipleOutputs = timed(executeMultipleOutputs);
  try {
    run();
  } finally {
    backend.executeSingleOutput = executeSingleOutput;
    backend.executeMultipleOutputs = executeMultipleOutputs;
  }
  return [...times.keys()].map((op) => ({ op, ...must(times.get(op), op) })).sort((a, b) => b.ms - a.ms);
}
