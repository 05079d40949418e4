/**
 * An epoch's order: a keyed permutation of 0 … size−1 that is computed position by position, so that it needs no memory
 * and no worker needs another's state.
 *
 * A balanced Feistel network over the smallest even number of bits that holds `size` (Luby and Rackoff 1988 show four
 * rounds to be enough with ideal rounds; ours are mixes, so eight), with cycle walking for what falls outside (Black and
 * Rogaway 2002): fewer than four steps on average.
 */
import { must } from '../errors/invariant.ts';
import { epochRoundKeys, heldOutRoundKeys } from '../random/roundKeys.ts';

const FEISTEL_ROUNDS = 8;

/** The sample at each position of an epoch: a bijection on [0, size). */
export function epochPermutation(seed: number, epoch: number, size: number): (position: number) => number {
  return keyedPermutation(epochRoundKeys(seed, epoch, FEISTEL_ROUNDS), size);
}

/** The order in which samples are held out of a data set: a bijection on [0, size). @param seed the data's own */
export function heldOutPermutation(seed: number, size: number): (position: number) => number {
  return keyedPermutation(heldOutRoundKeys(seed, FEISTEL_ROUNDS), size);
}

function keyedPermutation(keys: Uint32Array, size: number): (position: number) => number {
  const halfBits = Math.max(1, Math.ceil(Math.log2(Math.max(size, 2)) / 2));
  const mask = 2 ** halfBits - 1;
  const encrypt = (value: number): number => {
    let left = Math.floor(value / (mask + 1));
    let right = value & mask;
    for (let round = 0; round < FEISTEL_ROUNDS; round++) {
      const mixed = left ^ (mix(right ^ must(keys[round], 'round key')) & mask);
      left = right;
      right = mixed;
    }
    return left * (mask + 1) + right;
  };
  return (position) => {
    let value = encrypt(position);
    while (value >= size) value = encrypt(value);
    return value;
  };
}

/** The finaliser of MurmurHash3: every input bit changes every output bit with probability near ½. */
function mix(value: number): number {
  let x = value >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
