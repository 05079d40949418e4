/** Keys of the data room's permutations: its Feistel rounds take one each. */
import { type RandomAddress, rowSource } from './streams.ts';

/** `count` 32-bit words for (seed, epoch). @param epoch 0-based. */
export function epochRoundKeys(seed: number, epoch: number, count: number): Uint32Array {
  return words({ seed, stream: 'permutation', phase: epoch, layer: 0 }, count);
}

/** `count` 32-bit words for a data seed. */
export function heldOutRoundKeys(seed: number, count: number): Uint32Array {
  return words({ seed, stream: 'heldOut', phase: 0, layer: 0 }, count);
}

function words(address: RandomAddress, count: number): Uint32Array {
  const source = rowSource(address, count);
  source.draw(0);
  return source.words.slice(0, count);
}
