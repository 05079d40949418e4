/** Gradients as float32, or rounded to bf16 at every node of the shard tree, with or without error feedback. */
import { roundToBf16, roundWithFeedback } from '../collective/bf16.ts';
import type { NetworkName, RunConfig } from '../config/runConfig.ts';
import { must } from '../errors/invariant.ts';
import { networkRange } from '../gan/layout.ts';
import type { CompressionState } from './compressionState.ts';
import type { CompressedSum, Gradients, Round } from './gradientExchange.ts';

export class RoundedSum implements CompressedSum {
  readonly rounds = 1;
  readonly #state: CompressionState;
  readonly #isRounded: boolean;

  constructor(options: { config: RunConfig; state: CompressionState }) {
    this.#isRounded = options.config.collective.wireFormat === 'bf16';
    this.#state = options.state;
  }

  async sum({ updates, layout, flats }: Gradients, sum: Float32Array, round: Round): Promise<void> {
    if (this.#isRounded) {
      for (const [shard, flat] of flats) {
        for (const network of updates) {
          const { offset, length } = networkRange(layout, network);
          this.#roundLeaf(network, shard, flat.subarray(offset, offset + length));
        }
      }
    }
    await round((shard) => must(flats.get(shard), 'gradient'), sum);
  }

  written(): readonly string[] {
    return [];
  }

  #roundLeaf(network: NetworkName, shard: number, gradient: Float32Array): void {
    const residual = this.#state.residual(network, shard);
    if (residual) roundWithFeedback(gradient, residual.kept, residual.next);
    else roundToBf16(gradient);
  }
}
