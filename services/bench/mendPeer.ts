/**
 * Measures what the mend of WASM's transposed products wins (see backend/mends.ts): both gradients of a dense layer,
 * before and after. A process of its own, because the mend cannot be taken back and WASM must not meet libtensorflow.
 * Sends its parent one answer, and ends with it.
 */
import type { Tensor2D } from '@tensorflow/tfjs';
import { mendKernels } from '../backend/mends.ts';
import { selectBackend } from '../backend/select.ts';
import { median } from './median.ts';
import { BATCH_SIZE, GENERATOR_UNITS } from './networks.ts';

export interface MendAnswer {
  /** Medians, in ms for dy·Wᵀ and xᵀ·dy together. */
  readonly plainMs: number;
  readonly mendedMs: number;
}

const WARM_UPS = 2;
const REPEATS = 7;

async function main(): Promise<void> {
  const wasm = await selectBackend({ require: 'wasm', intraOpThreads: 1 });
  const { tf } = wasm;
  const [, width] = GENERATOR_UNITS;
  const x = tf.randomUniform([BATCH_SIZE, width]) as Tensor2D;
  const dy = tf.randomUniform([BATCH_SIZE, width]) as Tensor2D;
  const weight = tf.randomUniform([width, width]) as Tensor2D;
  const gradients = () => {
    tf.tidy(() => {
      tf.matMul(dy, weight, false, true);
      tf.matMul(x, dy, true, false);
    });
  };
  const plainMs = medianMs(gradients);
  mendKernels(wasm);
  process.send?.({ plainMs, mendedMs: medianMs(gradients) } satisfies MendAnswer);
}

/** WASM computes before a call returns: nothing is waited for. */
function medianMs(run: () => void): number {
  for (let i = 0; i < WARM_UPS; i++) run();
  const times = Array.from({ length: REPEATS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return median(times);
}

process.once('disconnect', () => process.exit());
await main();
