/** What a run must be: every state of it, computed at once in one place, by a plain loop over the phases. */
import { createHash } from 'node:crypto';
import { sumSubtree } from '../../collective/tree.ts';
import type { RunConfig } from '../../config/runConfig.ts';
import { epochPermutation } from '../../data/permutation.ts';
import { must } from '../../errors/invariant.ts';
import { initialState } from '../../gan/initialState.ts';
import { type PhasePlan, planPhase, totalPhases } from '../../plan/phasePlan.ts';
import { shardRange } from '../../plan/shards.ts';
import { applyMean, placesOf, SAMPLE_BYTES, shardGradient } from './gradient.ts';

export interface UndisturbedRun {
  /** The state after so many phases. */
  readonly states: readonly Buffer[];
  /** Of the states, in hex. */
  readonly hashes: readonly string[];
}

export function computeUndisturbed(config: RunConfig, datasetSize: number): UndisturbedRun {
  const state = initialState(config, SAMPLE_BYTES);
  const states = [bytesOf(state)];
  const shards = Array.from({ length: config.shards }, (_, shard) => shard);
  for (let phase = 0; phase < totalPhases(config, datasetSize); phase++) {
    const plan = planPhase(config, datasetSize, phase);
    const places = placesOf(config, plan.updates);
    const gradients = shards.map((shard) => {
      const flat = new Float32Array(places.length);
      shardGradient(config, plan, shard, samplesOf(config, datasetSize, plan, shard), state, places, flat);
      return flat;
    });
    const sum = sumSubtree({ first: 0, count: config.shards }, (shard) => must(gradients[shard], 'gradient'));
    applyMean(plan, sum, state, places);
    states.push(bytesOf(state));
  }
  return { states, hashes: states.map(sha256) };
}

/** The samples that a shard of a phase is made of; none where the phase reads no data. */
export function samplesOf(config: RunConfig, datasetSize: number, plan: PhasePlan, shard: number): number[] {
  if (plan.minibatch === undefined) return [];
  const order = epochPermutation(config.seed, plan.epoch, datasetSize);
  const { first, count } = shardRange(plan.sampleCount, config.shards, shard);
  return Array.from({ length: count }, (_, i) => order(plan.firstPosition + first + i));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A copy. */
export function bytesOf(state: Float32Array): Buffer {
  return Buffer.from(Buffer.from(state.buffer, state.byteOffset, state.byteLength));
}
