/**
 * Gradients as float32, or rounded to bf16 at every node of the shard tree, with or without error feedback. Each network's
 * travels in a round of its own: D's while G's is computed.
 */
import { roundWithFeedback } from '../collective/bf16.ts';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { networkRange } from '../gan/layout.ts';
import type { CompressionState } from './compressionState.ts';
import type { CompressedSum, Gradients, Round } from './gradientExchange.ts';

export class RoundedSum implements CompressedSum {
  readonly rounds: number;
  readonly #state: CompressionState;

  constructor({ config, state }: { config: RunConfig; state: CompressionState }) {
    this.rounds = config.schedule.type === 'simultaneous' ? 2 : 1;
    this.#state = state;
  }

  plainLengths(gradients: Gradients): readonly number[] {
    return roundsOf(gradients).map(({ begin, end }) => end - begin);
  }

  async sum(gradients: Gradients, sum: Float32Array, round: Round): Promise<void> {
    const { flats, computed } = gradients;
    for (const { network, begin, gradientEnd, end } of roundsOf(gradients)) {
      const leaf = (shard: number) => {
        const flat = must(flats.get(shard), 'gradient');
        const ready = computed(shard, network).then(() => {
          this.#feedBack(network, shard, flat.subarray(begin, gradientEnd));
        });
        return { values: flat.subarray(begin, end), ready };
      };
      await round(leaf, sum.subarray(begin, end));
    }
  }

  written(): readonly string[] {
    return [];
  }

  /** Without error feedback the all-reduce rounds on the way: see wireFormat.ts. */
  #feedBack(network: NetworkName, shard: number, gradient: Float32Array): void {
    const residual = this.#state.residual(network, shard);
    if (residual) roundWithFeedback(gradient, residual.kept, residual.next);
  }
}

/** The last one takes what is behind the gradients along. */
function roundsOf({ updates, layout }: Pick<Gradients, 'updates' | 'layout'>) {
  return updates.map((network, index) => {
    const { offset, length } = networkRange(layout, network);
    const gradientEnd = offset + length;
    return { network, begin: offset, gradientEnd, end: index === updates.length - 1 ? layout.length : gradientEnd };
  });
}
