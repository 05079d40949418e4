/**
 * Running statistics: what batch normalisation divides by outside of training. They move with each update of their own
 * network alone, towards the mean over the samples of the shards' statistics; on the host, in float64, so that every replica
 * and every backend has the same.
 */
import type { NetworkName } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import type { PhasePlan } from '../plan/phasePlan.ts';
import type { Kernels, Tf, Variable } from './kernels.ts';
import type { GradientLayout } from './layout.ts';
import { type ResolvedLayer, valuesIn } from './shapes.ts';

/** By name: the sum over all samples of the statistic of each one's shard. */
export type MomentSums = (name: string) => Float32Array;

/** running ← momentum·running + (1 − momentum)·Σ/n. */
export function moveRunningStatistics(
  { tf, kernels }: { readonly tf: Tf; readonly kernels: Kernels },
  layers: Readonly<Record<NetworkName, readonly ResolvedLayer[]>>,
  variable: (name: string) => Variable,
  { sampleCount }: PhasePlan,
  { moments }: GradientLayout,
  sumsOf: MomentSums,
): void {
  for (const { name } of moments) {
    const held = variable(name);
    const values = new Float32Array(valuesIn(held.shape));
    tf.tidy(() => kernels.read(held.read(), values));
    const sums = sumsOf(name);
    const momentum = momentumOf(layers, name);
    for (let i = 0; i < values.length; i += 1) {
      const target = must(sums[i], 'sum') / sampleCount;
      values[i] = momentum * must(values[i], 'value') + (1 - momentum) * target;
    }
    held.assign(values);
  }
}

function momentumOf(layers: Readonly<Record<NetworkName, readonly ResolvedLayer[]>>, name: string): number {
  const [network, index] = name.split('.');
  const layer = must(layers[network as NetworkName][Number(index)], name).config;
  return must(layer.type === 'batch-norm' ? layer.momentum : undefined, name);
}
