/** How much faster WASM computes a dense layer's gradients since its products are mended. */
import { answerOf, endOfAny, Leftovers } from './leftovers.ts';
import type { MendAnswer } from './mendPeer.ts';
import { BATCH_SIZE, GENERATOR_UNITS } from './networks.ts';

export interface MendBench extends MendAnswer {
  /** Rows of the batch, inputs and outputs of the layer. */
  readonly size: readonly [number, number, number];
  /** How many times as fast. */
  readonly gain: number;
}

export async function benchMend(): Promise<MendBench> {
  const leftovers = new Leftovers();
  try {
    const peer = leftovers.fork('mendPeer.js', []);
    const { plainMs, mendedMs } = await Promise.race([answerOf<MendAnswer>(peer), endOfAny([peer])]);
    const [, inputs, outputs] = GENERATOR_UNITS;
    return { size: [BATCH_SIZE, inputs, outputs], plainMs, mendedMs, gain: plainMs / mendedMs };
  } finally {
    await leftovers.clear();
  }
}
