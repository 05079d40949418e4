/**
 * What a membership has of its run in memory: the replica's state on the device, beside it what the compression of gradients
 * keeps, and the room that a generation computes in. It outlives generations and sessions.
 */
import { createHash } from 'node:crypto';
import { bytesOf } from '../collective/chunk.ts';
import { CompressionState } from '../compression/compressionState.ts';
import { exactLength } from '../compression/gradientExchange.ts';
import { configSha256 } from '../config/configHash.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { HeldState } from '../control/messages.ts';
import { must } from '../errors/invariant.ts';
import type { Compute } from './compute/protocol.ts';
import { Vectors } from './vectors.ts';

export class RunMemory {
  readonly vectors = new Vectors();
  /** Phases applied in the state on the device; undefined while there is none. */
  #applied: number | undefined;
  /** Of the config that the replica is made for; empty before there is one. */
  #configSha256 = '';
  #compression: CompressionState | undefined;

  get applied(): number | undefined {
    return this.#applied;
  }

  /** Phases applied in the state, where all of it is here: the residuals of others' shards may not be. */
  get wholePhase(): number | undefined {
    return this.#compression?.isWhole ? this.#applied : undefined;
  }

  get compression(): CompressionState {
    return must(this.#compression, 'compression state');
  }

  /** For the next Hello. */
  held(runId: string): HeldState | undefined {
    const phase = this.wholePhase;
    if (phase === undefined || this.#configSha256 === '') return undefined;
    return { runId, phase, configSha256: this.#configSha256 };
  }

  /** Whether all of the state after so many phases of this config is here. */
  has(config: RunConfig, phase: number): boolean {
    return this.#configSha256 === configSha256(config) && this.wholePhase === phase;
  }

  /** Makes room for a run of this config. What was here of another state is gone. */
  async prepare(config: RunConfig, sampleSize: number, compute: Compute): Promise<void> {
    this.#applied = undefined;
    const sha256 = configSha256(config);
    if (this.#configSha256 === sha256) return;
    this.#configSha256 = '';
    await compute.call('configure', { config, sampleSize });
    this.vectors.begin(exactLength(config, sampleSize));
    this.#compression = new CompressionState(config, sampleSize, (count) => this.vectors.floats(count));
    this.vectors.keep();
    this.#configSha256 = sha256;
  }

  async load(state: Float32Array, phase: number, compute: Compute): Promise<void> {
    this.compression.load(state);
    const { length } = this.compression;
    // Copied where there is more: a view would be sent to the thread with all that it is a view of.
    const replica = length === 0 ? state : state.slice(0, state.length - length);
    await compute.call('load', { state: replica });
    this.#applied = phase;
  }

  committed(applied: number): void {
    this.#applied = applied;
  }

  /** All of the state as it is now. */
  async save(compute: Compute): Promise<{ state: Uint8Array; sha256: string }> {
    const kept = this.compression.save();
    const { state, sha256 } = await compute.call('save', {});
    if (kept.length === 0) return { state: bytesOf(state, 0, state.length), sha256 };
    const whole = Buffer.concat([bytesOf(state, 0, state.length), bytesOf(kept, 0, kept.length)]);
    return { state: whole, sha256: createHash('sha256').update(whole).digest('hex') };
  }

  async forget(compute: Compute): Promise<void> {
    if (this.#configSha256 !== '') await compute.call('forget', {});
    this.#configSha256 = '';
    this.#compression = undefined;
    this.#applied = undefined;
  }
}
