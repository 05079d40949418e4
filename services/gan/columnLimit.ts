/**
 * The bound on the incoming weights of a unit (Hinton et al. 2012, "Improving neural networks by preventing co-adaptation of
 * feature detectors", section 2): a column that is longer after an update is scaled back to it. As pylearn2's max_col_norm
 * and max_kernel_norm, but for the 10⁻⁷ that these add to the norm, which shrinks every column a little.
 */
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { invariant, must } from '../errors/invariant.ts';
import type { Tf, Variable } from './kernels.ts';

export interface ColumnLimit {
  readonly maxNorm: number;
  /** What a column runs over: every axis of the weight but that of the outputs. */
  readonly axes: readonly number[];
}

/** @param name a parameter's canonical name. Biases have no limit. */
export function columnLimitOf(config: RunConfig, network: NetworkName, name: string): ColumnLimit | undefined {
  const [, index, what] = name.split('.');
  const layer = must(config[network].layers[Number(index)], name);
  if (what !== 'weight' || !('maxColumnNorm' in layer) || layer.maxColumnNorm === undefined) return undefined;
  return { maxNorm: layer.maxColumnNorm, axes: COLUMN_AXES[layer.type] };
}

/** See `parameterShapes`: dense [inputs, units], maxout a column for each piece, filters [height, width, …]. */
const COLUMN_AXES = {
  dense: [0],
  maxout: [0],
  conv: [0, 1, 2],
  'maxout-conv': [0, 1, 2],
  'conv-transpose': [0, 1, 3],
} as const;

/** w ← w · min(1, maxNorm / ‖its column‖). */
export function limitColumns(tf: Tf, weight: Variable, { maxNorm, axes }: ColumnLimit): void {
  invariant(axes.length === weight.shape.length - 1, `a column over ${axes.length} axes of ${weight.shape.length}`);
  const limited = tf.tidy(() => {
    const w = weight.read();
    const norms = tf.sqrt(tf.sum(tf.square(w), [...axes], true));
    // Of a column of zeros the quotient is infinite, and the factor 1.
    return tf.mul(w, tf.minimum(tf.div(maxNorm, norms), 1));
  });
  weight.set(limited);
}
