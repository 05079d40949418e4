/**
 * What the compression of gradients keeps from phase to phase: for each logical shard what was left out of its gradients
 * (its residual), and PowerSGD's right factors, which are the same everywhere. It is part of the run's state, behind the
 * replica's, and moves with it.
 *
 * A worker has the residuals of its own shards; those of all only where they were brought together, or where it owns all.
 */
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { keepsResiduals, NETWORKS, replicaLength, residualName, stateLayout } from '../gan/layout.ts';

/** Two buffers that take turns: the phase under way writes `next`, and only its commit makes that the one that counts. */
export interface Kept {
  kept: Float32Array;
  next: Float32Array;
}

export class CompressionState {
  /** Values in the flat state, at its end. */
  readonly length: number;
  readonly #offset: number;
  readonly #shards: readonly number[];
  readonly #byName: ReadonlyMap<string, Kept & { readonly offset: number }>;
  #isWhole = false;

  /** `allocate` makes a vector of zeros; default: in plain memory. */
  constructor(config: RunConfig, sampleSize: number, allocate: (count: number) => Float32Array = plain) {
    this.#offset = replicaLength(config, sampleSize);
    const tensors = stateLayout(config, sampleSize).filter(({ offset }) => offset >= this.#offset);
    this.length = tensors.reduce((sum, { length }) => sum + length, 0);
    this.#byName = new Map(
      tensors.map(({ name, offset, length }) => [
        name,
        { offset: offset - this.#offset, kept: allocate(length), next: allocate(length) },
      ]),
    );
    this.#shards = keepsResiduals(config) ? Array.from({ length: config.shards }, (_, shard) => shard) : [];
  }

  /** Whether it is all of the state after the last committed phase. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Undefined where residuals are not kept. */
  residual(network: NetworkName, shard: number): Kept | undefined {
    return this.#shards.length > 0 ? this.tensor(residualName(network, shard)) : undefined;
  }

  tensor(name: string): Kept {
    return must(this.#byName.get(name), name);
  }

  /** The phase was applied: what it wrote counts from now on. `own` are this worker's shards. */
  commit(tensors: readonly string[], updates: readonly NetworkName[], own: readonly number[]): void {
    const residuals = updates.flatMap((network) => own.flatMap((shard) => this.residual(network, shard) ?? []));
    for (const held of [...tensors.map((name) => this.tensor(name)), ...residuals]) {
      [held.kept, held.next] = [held.next, held.kept];
    }
    if (own.length < this.#shards.length) this.#isWhole = false;
  }

  /** Takes every shard's residual from `residualOf`, which gives both networks' one after the other. */
  async bringTogether(residualOf: (shard: number, own: Float32Array) => Promise<Float32Array>): Promise<void> {
    for (const shard of this.#shards) {
      const held = NETWORKS.map((network) => must(this.residual(network, shard), 'residual').kept);
      const own = new Float32Array(held.reduce((sum, { length }) => sum + length, 0));
      let offset = 0;
      for (const kept of held) {
        own.set(kept, offset);
        offset += kept.length;
      }
      const found = await residualOf(shard, own);
      offset = 0;
      for (const kept of held) {
        kept.set(found.subarray(offset, offset + kept.length));
        offset += kept.length;
      }
    }
    this.#isWhole = true;
  }

  /** From the end of a flat state. */
  load(state: Float32Array): void {
    for (const { offset, kept } of this.#byName.values()) {
      kept.set(state.subarray(this.#offset + offset, this.#offset + offset + kept.length));
    }
    this.#isWhole = true;
  }

  /** A copy, to be put behind the replica's state. */
  save(): Float32Array {
    const values = new Float32Array(this.length);
    for (const { offset, kept } of this.#byName.values()) values.set(kept, offset);
    return values;
  }
}

function plain(count: number): Float32Array {
  return new Float32Array(count);
}
