/** The end of a timing on a device that works through a queue: a GPU has only been told what to do when a call returns. */
import type { Tf } from '../gan/kernels.ts';

/** Reads one number that the device computes last. Without a queue, as on every CPU backend, it costs microseconds. */
export function waitForDevice(tf: Tf): void {
  tf.tidy(() => tf.add(tf.zeros([1]), 1).dataSync());
}
