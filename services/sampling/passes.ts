/** Any number of rows through a network, in passes that are all alike. */
import { invariant } from '../errors/invariant.ts';
import type { Tf } from '../gan/kernels.ts';
import { oneHot } from '../gan/labels.ts';
import { type Network, outputOf } from '../gan/network.ts';
import { unpaused } from '../gan/synchronised.ts';

/**
 * Samples in one pass through a network. Every pass has as many, the last one too, because a product's bits may depend on
 * how many rows it has.
 */
export const BATCH = 64;

interface Pass {
  /** One for each row; undefined where the networks know no classes. */
  readonly labels: Uint16Array | undefined;
  readonly classes: number;
  /** Rows that give one row of output. */
  readonly pack: number;
}

/** [count, inputs] through a network, as it is used and not trained: [count / pack, outputs]. */
export function inBatches(
  tf: Tf,
  network: Network,
  values: Float32Array,
  [inputs, outputs]: readonly [number, number],
  { labels, classes, pack }: Pass,
): Float32Array {
  const count = values.length / inputs;
  invariant(Number.isInteger(count / pack), `${values.length} values are packs of ${pack} rows of ${inputs}`);
  const batch = Math.max(1, Math.floor(BATCH / pack)) * pack;
  const out = new Float32Array((count / pack) * outputs);
  for (let first = 0; first < count; first += batch) {
    const rows = new Float32Array(batch * inputs);
    rows.set(values.subarray(first * inputs, (first + batch) * inputs));
    // Not returned through the tidy, which would look for tensors in every value.
    tf.tidy(() => {
      const own = new Uint16Array(batch);
      if (labels) own.set(labels.subarray(first, first + batch));
      const given = labels && oneHot(tf, own, classes);
      const traces = unpaused(network.forward(tf.tensor2d(rows, [batch, inputs]), undefined, given));
      const computed = outputOf(traces).dataSync<'float32'>();
      const wanted = (Math.min(batch, count - first) / pack) * outputs;
      out.set(computed.subarray(0, wanted), (first / pack) * outputs);
    });
  }
  return out;
}
