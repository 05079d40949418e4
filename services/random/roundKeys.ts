/** Keys of an epoch's permutation: the data room's Feistel rounds take one each. */
import { fillWords } from './streams.ts';

/** `count` 32-bit words for (seed, epoch). @param epoch 0-based. */
export function epochRoundKeys(seed: number, epoch: number, count: number): Uint32Array {
  const keys = new Uint32Array(count);
  fillWords({ seed, stream: 'permutation', phase: epoch, layer: 0 }, 0, keys);
  return keys;
}
