/**
 * How the gradients of a phase become the sum that everybody applies: compressed as the config says, added by the
 * all-reduce in the order of the shard tree, in one round or more. The same bits for any partition of the shards.
 */
import type { Collective, PartialSum } from '../collective/collective.ts';
import { ownedSubtrees, type Subtree, sumSubtree } from '../collective/tree.ts';
import { WireCodec } from '../collective/wireFormat.ts';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { type GradientLayout, gradientLayout, keepsResiduals, NETWORKS } from '../gan/layout.ts';
import type { CompressionState } from './compressionState.ts';
import { PowerSgdSum } from './powerSgdSum.ts';
import { RoundedSum } from './roundedSum.ts';

/** What the own shards of a phase gave. */
export interface Gradients {
  readonly updates: readonly NetworkName[];
  readonly layout: GradientLayout;
  /** By shard; used up. */
  readonly flats: ReadonlyMap<number, Float32Array>;
}

/** One wire format's way from the shards' gradients to the sum of all. */
export interface CompressedSum {
  /** Rounds that a phase takes. */
  readonly rounds: number;
  /** Fills `sum`, which is as long as a gradient. `round` adds one vector over all shards, given what each own shard has. */
  sum(gradients: Gradients, sum: Float32Array, round: Round): Promise<void>;
  /** Names of the tensors, residuals apart, that a phase of these networks wrote. */
  written(updates: readonly NetworkName[]): readonly string[];
}

export type Round = (ofShard: (shard: number) => Float32Array, into: Float32Array) => Promise<void>;

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
  readonly #roundsAPhase: number;

  constructor(options: ExchangeOptions) {
    const { config, sampleSize, shards } = options;
    this.#options = options;
    this.#subtrees = ownedSubtrees(config.shards, shards);
    this.#codec = wireCodec(config, sampleSize);
    this.#compressed = config.collective.wireFormat === 'powersgd' ? new PowerSgdSum(options) : new RoundedSum(options);
    this.#roundsAPhase = this.#compressed.rounds + (keepsResiduals(config) ? config.shards : 0);
  }

  /** Fills `sum` with the sum over all shards. */
  async sum(phase: number, gradients: Gradients, sum: Float32Array): Promise<Exchanged> {
    const first = phase * this.#roundsAPhase;
    let bytes = 0;
    let rounds = 0;
    await this.#compressed.sum(gradients, sum, async (ofShard, into) => {
      bytes += await this.#reduce(first + rounds, ofShard, into);
      rounds += 1;
    });
    const plainBytes = this.#options.collective.plainBytes(this.#subtrees.length, gradients.layout.length);
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
    const first = phase * this.#roundsAPhase + this.#compressed.rounds;
    const room = () => new Float32Array(exactLength(config, sampleSize));
    const [mine, nothing, sum] = [room(), room(), room()];
    await state.bringTogether(async (shard, own) => {
      mine.set(own);
      const parts = this.#subtrees.map((subtree) => {
        const isIn = shard >= subtree.first && shard < subtree.first + subtree.count;
        return { subtree, values: isIn ? mine : nothing };
      });
      await collective.reduce(first + shard, parts, sum);
      return sum;
    });
  }

  #reduce(round: number, ofShard: (shard: number) => Float32Array, into: Float32Array): Promise<number> {
    const rounding = (node: Float32Array) => this.#codec.round(node, 0, into.length);
    const parts: PartialSum[] = this.#subtrees.map((subtree) => ({
      subtree,
      values: sumSubtree(subtree, ofShard, rounding),
    }));
    return this.#options.collective.reduce(round, parts, into);
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
  const tail = exactTail(gradientLayout(config, sampleSize, NETWORKS));
  return new WireCodec(format, tail, exactLength(config, sampleSize));
}
