/**
 * How the gradients of a phase become the sum that everybody applies: compressed as the config says, added by the
 * all-reduce in the order of the shard tree, in one round or more. The same bits for any partition of the shards.
 */
import type { Collective } from '../collective/collective.ts';
import { ownedSubtrees, type Subtree, sumSubtree } from '../collective/tree.ts';
import { WireCodec } from '../collective/wireFormat.ts';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { invariant, must } from '../errors/invariant.ts';
import { exchangedCountMax, exchangedLengthMax } from '../gan/exchangedSums.ts';
import { type GradientLayout, gradientLayout, keepsResiduals, NETWORKS } from '../gan/layout.ts';
import type { CompressionState } from './compressionState.ts';
import { PowerSgdSum } from './powerSgdSum.ts';
import { RoundedSum } from './roundedSum.ts';

/** What the own shards of a phase give. */
export interface Gradients {
  readonly updates: readonly NetworkName[];
  readonly layout: GradientLayout;
  /** By shard; used up. */
  readonly flats: ReadonlyMap<number, Float32Array>;
  /** Resolves once a network's part of a shard's flat gradient stands; with the last network's also what is behind it. */
  computed(shard: number, network: NetworkName): Promise<void>;
}

/** One wire format's way from the shards' gradients to the sum of all. */
export interface CompressedSum {
  /** Rounds that a phase takes, at most. */
  readonly rounds: number;
  /** Values of each vector that would travel uncompressed instead. */
  plainLengths(gradients: Gradients): readonly number[];
  /** Fills `sum`, which is as long as a gradient. `round` adds one vector over all shards, given what each own shard has. */
  sum(gradients: Gradients, sum: Float32Array, round: Round): Promise<void>;
  /** Names of the tensors, residuals apart, that a phase of these networks wrote. */
  written(updates: readonly NetworkName[]): readonly string[];
}

export type Round = (leaf: Leaf, into: Float32Array) => Promise<void>;

/** What a shard has, as long as the round's vector, and when it stands. */
export type Leaf = (shard: number) => { readonly values: Float32Array; readonly ready: Promise<void> };

export interface Exchanged {
  /** Sent and received. */
  readonly bytes: number;
  /** What uncompressed gradients would have taken more. */
  readonly savedBytes: number;
}

export interface ExchangeOptions {
  readonly config: RunConfig;
  readonly sampleSize: number;
  /** This worker's own. */
  readonly shards: readonly number[];
  readonly collective: Collective;
  readonly state: CompressionState;
}

export class GradientExchange {
  readonly #options: ExchangeOptions;
  readonly #subtrees: readonly Subtree[];
  readonly #codec: WireCodec;
  readonly #compressed: CompressedSum;
  readonly #roundsMax: number;
  #phase = -1;
  /** Rounds of the phase so far: all members have the same ones in the same order. */
  #rounds = 0;

  constructor(options: ExchangeOptions) {
    const { config, sampleSize, shards } = options;
    this.#options = options;
    this.#subtrees = ownedSubtrees(config.shards, shards);
    this.#codec = wireCodec(config, sampleSize);
    this.#compressed = config.collective.wireFormat === 'powersgd' ? new PowerSgdSum(options) : new RoundedSum(options);
    // Twice: where a phase is not finite, its gradients are computed again.
    const batchSums = 2 * exchangedCountMax(config);
    this.#roundsMax = batchSums + this.#compressed.rounds + (keepsResiduals(config) ? config.shards : 0);
  }

  /**
   * Fills `sums` with the sums over all shards of what a synchronised batch norm needs, given each own shard's, which are used
   * up. Before the gradients of the phase. Returns the bytes.
   */
  batchSums(phase: number, own: ReadonlyMap<number, Float32Array>, sums: Float32Array): Promise<number> {
    const ready = Promise.resolve();
    return this.#reduce(phase, (shard) => ({ values: must(own.get(shard), 'sums of a shard'), ready }), sums);
  }

  /** Fills `sum` with the sum over all shards. What stands leaves while the rest is computed. */
  async sum(phase: number, gradients: Gradients, sum: Float32Array): Promise<Exchanged> {
    let bytes = 0;
    await this.#compressed.sum(gradients, sum, async (leaf, into) => {
      bytes += await this.#reduce(phase, leaf, into);
    });
    const { collective } = this.#options;
    const plainBytes = this.#compressed
      .plainLengths(gradients)
      .reduce((total, length) => total + collective.plainBytes(this.#subtrees.length, length), 0);
    return { bytes, savedBytes: plainBytes - bytes };
  }

  /** The sum was applied: what was left out of it is due in the next phase. */
  commit(updates: readonly NetworkName[]): void {
    const { state, shards } = this.#options;
    state.commit(this.#compressed.written(updates), updates, shards);
  }

  /** After `phase` was applied: brings every shard's residual to every worker, so that each has the whole state. */
  async gather(phase: number): Promise<void> {
    const { config, sampleSize, collective, state } = this.#options;
    // Also where this worker has all of it: the others wait for its part.
    if (!keepsResiduals(config)) return;
    const room = () => new Float32Array(exactLength(config, sampleSize));
    const [mine, nothing, sum] = [room(), room(), room()];
    await state.bringTogether(async (shard, own) => {
      mine.set(own);
      const parts = this.#subtrees.map((subtree) => {
        const isIn = shard >= subtree.first && shard < subtree.first + subtree.count;
        return { subtree, values: isIn ? mine : nothing };
      });
      await collective.reduce(this.#nextRound(phase), parts, sum);
      return sum;
    });
  }

  /** Above all former ones, in any phase. */
  #nextRound(phase: number): number {
    if (phase !== this.#phase) this.#rounds = 0;
    this.#phase = phase;
    invariant(this.#rounds < this.#roundsMax, `a phase has at most ${this.#roundsMax} rounds`);
    return phase * this.#roundsMax + this.#rounds++;
  }

  async #reduce(phase: number, leaf: Leaf, into: Float32Array): Promise<number> {
    const addNodes = this.#codec.addition(0, into.length);
    const parts = this.#subtrees.map((subtree) => {
      const shards = Array.from({ length: subtree.count }, (_, index) => subtree.first + index);
      const leaves = new Map(shards.map((shard) => [shard, leaf(shard)]));
      const valuesOf = (shard: number) => must(leaves.get(shard), 'leaf').values;
      const ready = Promise.all([...leaves.values()].map((one) => one.ready)).then(() => {
        const sum = sumSubtree(subtree, valuesOf, addNodes);
        // A lone shard is added to nothing, and so would never be rounded.
        if (this.#options.config.shards === 1) this.#codec.round(sum);
      });
      return { subtree, values: valuesOf(subtree.first), ready };
    });
    // A leaf that cannot be computed ends the round, which would wait for it.
    const [bytes] = await Promise.all([
      this.#options.collective.reduce(this.#nextRound(phase), parts, into),
      ...parts.map(({ ready }) => ready),
    ]);
    return bytes;
  }
}

/** Values at the end of every flat gradient that travel as they are: the statistics, and the stop flag. */
export function exactTail(layout: GradientLayout): number {
  return layout.length - layout.statisticsOffset;
}

/** Values in what is no gradient: one more than the longest one has, so that nobody takes it for one. */
export function exactLength(config: RunConfig, sampleSize: number): number {
  return gradientLayout(config, sampleSize, NETWORKS).length + 1;
}

/** How the values of a run's all-reduce travel. */
export function wireCodec(config: RunConfig, sampleSize: number): WireCodec {
  const format = config.collective.wireFormat === 'bf16' ? 'bf16' : 'fp32';
  // Batch sums are no longer than that, and so travel as they are.
  const tail = Math.max(
    exactTail(gradientLayout(config, sampleSize, NETWORKS)),
    exchangedLengthMax(config, sampleSize),
  );
  return new WireCodec(format, tail, exactLength(config, sampleSize));
}
