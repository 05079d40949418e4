/** What travels of a gradient, and what its compression computes: the product's own exchange, of one worker with itself. */
import { type Collective, type PartialSum, SoloCollective } from '../../collective/collective.ts';
import { CompressionState } from '../../compression/compressionState.ts';
import { exactLength, GradientExchange, wireCodec } from '../../compression/gradientExchange.ts';
import type { RunConfig } from '../../config/runConfig.ts';
import { initialState } from '../../gan/initialState.ts';
import { gradientLayout } from '../../gan/layout.ts';
import { Vectors } from '../../worker/vectors.ts';
import { median } from '../median.ts';
import { SAMPLE_SIZE } from '../networks.ts';
import { kindsOfPhases, type Travelling } from './iteration.ts';

const WARM_UP_TIMES = 2;
const TIMES = 7;

/**
 * Of each kind of phase. The arithmetic is PowerSGD's alone: that of bf16 is in the all-reduce's own time.
 * @param config has one shard.
 */
export async function measureTravelling(config: RunConfig): Promise<Travelling[]> {
  const vectors = new Vectors();
  vectors.begin(exactLength(config, SAMPLE_SIZE));
  const state = new CompressionState(config, SAMPLE_SIZE, (count) => vectors.floats(count));
  state.load(initialState(config, SAMPLE_SIZE, new Float64Array(SAMPLE_SIZE).fill(0.5)));
  const collective = new CountingCollective();
  const exchange = new GradientExchange({ config, sampleSize: SAMPLE_SIZE, shards: [0], collective, state });
  const codec = wireCodec(config, SAMPLE_SIZE);
  const isTimed = config.collective.wireFormat === 'powersgd';
  let phase = 0;
  const found: Travelling[] = [];
  for (const { updates } of kindsOfPhases(config)) {
    const layout = gradientLayout(config, SAMPLE_SIZE, updates);
    const [flat, sum] = [vectors.floats(layout.length), vectors.floats(layout.length)];
    const gradients = { updates, layout, flats: new Map([[0, flat]]), computed: () => Promise.resolve() };
    const times: number[] = [];
    for (let i = -WARM_UP_TIMES; i < (isTimed ? TIMES : 1 - WARM_UP_TIMES); i++) {
      // No zeros, of which factors would be none.
      for (let at = 0; at < flat.length; at++) flat[at] = ((at * 7919 + phase) % 1000) / 1000 - 0.5;
      collective.lengths.length = 0;
      const begin = performance.now();
      await exchange.sum(phase++, gradients, sum);
      if (i >= 0) times.push(performance.now() - begin);
      exchange.commit(updates);
    }
    const megabytes = (length: number) => codec.payloadBytes({ offset: 0, count: length, length }) / 1e6;
    const roundMegabytes = collective.lengths.map(megabytes);
    found.push({ updates, roundMegabytes, arithmeticMs: isTimed ? median(times) : 0 });
  }
  return found;
}

/** Says how many values each round had. */
class CountingCollective implements Collective {
  readonly lengths: number[] = [];
  readonly #solo = new SoloCollective();

  reduce(phase: number, parts: readonly PartialSum[], into: Float32Array): Promise<number> {
    this.lengths.push(into.length);
    return this.#solo.reduce(phase, parts, into);
  }

  plainBytes(): number {
    return this.#solo.plainBytes();
  }

  abort(why: Parameters<Collective['abort']>[0]): void {
    this.#solo.abort(why);
  }
}
