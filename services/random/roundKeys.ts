/** Keys of an epoch's permutation: the data room's Feistel rounds take one each. */
import { rowSource } from './streams.ts';

/** `count` 32-bit words for (seed, epoch). @param epoch 0-based. */
export function epochRoundKeys(seed: number, epoch: number, count: number): Uint32Array {
  const source = rowSource({ seed, stream: 'permutation', phase: epoch, layer: 0 }, count);
  source.draw(0);
  return source.words.slice(0, count);
}
