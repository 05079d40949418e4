/**
 * The mathematics of a simulated replica: not a GAN's, but as exact, and as sensitive to whatever goes wrong. A shard's
 * gradient depends on the seed, the phase, the shard, every weight, and the very samples; sums depend on their order.
 */
import type { RunConfig } from '../../config/runConfig.ts';
import { must } from '../../errors/invariant.ts';
import { allFinite } from '../../gan/finite.ts';
import { type GradientLayout, gradientLayout, stateLayout } from '../../gan/layout.ts';
import type { PhasePlan } from '../../plan/phasePlan.ts';
import { shardRange } from '../../plan/shards.ts';

/** Bytes of a sample: its index. */
export const SAMPLE_BYTES = 4;

/** A shard of a phase whose gradient is not finite, wherever it is computed. */
export interface Poison {
  readonly phase: number;
  readonly shard: number;
}

/** A run, and what is drawn of it beside its config. */
export interface SimulatedRun {
  readonly config: RunConfig;
  readonly datasetSize: number;
  readonly poison: Poison | undefined;
}

/** Where each value of a phase's flat gradient belongs in the flat state. */
export interface Places extends Pick<GradientLayout, 'slices'> {
  readonly inState: Int32Array;
  readonly statisticsOffset: number;
  readonly length: number;
}

export function placesOf(config: RunConfig, updates: PhasePlan['updates']): Places {
  const state = new Map(stateLayout(config, SAMPLE_BYTES).map((spec) => [spec.name, spec]));
  const { slices, statisticsOffset, length } = gradientLayout(config, SAMPLE_BYTES, updates);
  const inState = new Int32Array(statisticsOffset);
  for (const { name, offset, length: count } of slices) {
    const from = must(state.get(name), name).offset;
    for (let i = 0; i < count; i++) inState[offset + i] = from + i;
  }
  return { slices, inState, statisticsOffset, length };
}

/** Writes the gradient of the sum of a shard's losses. */
export function shardGradient(
  { config, poison }: Pick<SimulatedRun, 'config' | 'poison'>,
  plan: PhasePlan,
  shard: number,
  samples: readonly number[],
  state: Float32Array,
  { inState, statisticsOffset, length }: Places,
  flat: Float32Array,
): void {
  flat.fill(0, 0, length);
  const { count } = shardRange(plan.sampleCount, config.shards, shard);
  if (count === 0) return;
  let salt = mix(config.seed ^ Math.imul(plan.phase + 1, 0x9e3779b1) ^ Math.imul(shard + 1, 0x85ebca77));
  for (const sample of samples) salt = mix(salt ^ sample);
  for (let i = 0; i < statisticsOffset; i++) {
    const noise = mix(salt ^ i) / 2 ** 32 - 0.5;
    flat[i] = count * (noise + 0.125 * (state[inState[i] as number] as number));
  }
  for (let i = statisticsOffset; i < length - 1; i++) flat[i] = count * (mix(salt ^ ~i) / 2 ** 32);
  if (poison?.phase === plan.phase && poison.shard === shard) flat[salt % statisticsOffset] = Number.NaN;
}

/** The tensor whose gradient is not finite. */
export function nonFiniteTensor(sum: Float32Array, { slices }: Places): string | undefined {
  return slices.find(({ offset, length }) => !allFinite(sum.subarray(offset, offset + length)))?.name;
}

/** One step against the mean gradient. */
export function applyMean(plan: PhasePlan, sum: Float32Array, state: Float32Array, { inState }: Places): void {
  for (let i = 0; i < inState.length; i++) {
    const at = inState[i] as number;
    state[at] = (state[at] as number) - 0.25 * Math.fround((sum[i] as number) / plan.sampleCount);
  }
}

/** The finaliser of MurmurHash3. */
function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
