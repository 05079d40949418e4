/** What a run must be: every state of it, computed at once in one place, by a plain loop over the phases. */
import { createHash } from 'node:crypto';
import { SoloCollective } from '../../collective/collective.ts';
import { CompressionState } from '../../compression/compressionState.ts';
import { GradientExchange } from '../../compression/gradientExchange.ts';
import type { RunConfig } from '../../config/runConfig.ts';
import { epochPermutation } from '../../data/permutation.ts';
import { initialState } from '../../gan/initialState.ts';
import { gradientLayout, replicaLength } from '../../gan/layout.ts';
import { type PhasePlan, planPhase, totalPhases } from '../../plan/phasePlan.ts';
import { shardRange } from '../../plan/shards.ts';
import { applyMean, nonFiniteTensor, placesOf, SAMPLE_BYTES, type SimulatedRun, shardGradient } from './gradient.ts';

export interface UndisturbedRun {
  /** What a replica holds after so many phases. */
  readonly states: readonly Buffer[];
  /** Of the states, in hex. */
  readonly hashes: readonly string[];
  /** Of all that a checkpoint has: the replica's state, and what the compression of gradients keeps. */
  readonly wholeHashes: readonly string[];
  /** The phase before which it stops, by a gradient that is not finite; all phases where it does not. */
  readonly lastPhase: number;
}

export async function computeUndisturbed(run: SimulatedRun): Promise<UndisturbedRun> {
  const { config, datasetSize } = run;
  const whole = initialState(config, SAMPLE_BYTES);
  const state = whole.slice(0, replicaLength(config, SAMPLE_BYTES));
  const compression = new CompressionState(config, SAMPLE_BYTES);
  compression.load(whole);
  const shards = Array.from({ length: config.shards }, (_, shard) => shard);
  const exchange = new GradientExchange({
    ...{ config, sampleSize: SAMPLE_BYTES, shards },
    ...{ collective: new SoloCollective(), state: compression },
  });
  const states = [bytesOf(state)];
  const wholeHashes = [sha256(bytesOf(whole))];
  for (let phase = 0; phase < totalPhases(config, datasetSize); phase++) {
    const plan = planPhase(config, datasetSize, phase);
    const { updates } = plan;
    const places = placesOf(config, updates);
    const flats = new Map(
      shards.map((shard) => {
        const flat = new Float32Array(places.length);
        shardGradient(run, plan, shard, samplesOf(config, datasetSize, plan, shard), state, places, flat);
        return [shard, flat];
      }),
    );
    const sum = new Float32Array(places.length);
    const layout = gradientLayout(config, SAMPLE_BYTES, updates);
    await exchange.sum(phase, { updates, layout, flats, computed: () => Promise.resolve() }, sum);
    if (nonFiniteTensor(sum, places) === undefined) {
      exchange.commit(updates);
      applyMean(plan, sum, state, places);
    } else if (config.onNonFinite === 'stop') {
      break;
    }
    states.push(bytesOf(state));
    wholeHashes.push(sha256(Buffer.concat([bytesOf(state), bytesOf(compression.save())])));
  }
  return { states, hashes: states.map(sha256), wholeHashes, lastPhase: states.length - 1 };
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
