/**
 * Who draws which counter. Every random number of a run has one address, and no two purposes share one:
 *
 *   key     = the run's seed, 64 bits (low word, high word)
 *   counter = ( layer 8 bits | block 24 bits,      word 0
 *               row 32 bits,                       word 1: the global sample index, or a weight matrix's row
 *               phase low 32 bits,                 word 2
 *               stream 8 bits | phase high 24 bits word 3 )
 *
 * A row has 2²⁴ blocks of four words, more than the widest layer (65,536 units × 64 pieces = 2²⁰ blocks) needs;
 * networks have at most 64 layers; a phase is below 2⁵³. Addresses never name a worker or a shard: that is what makes
 * the bits of a run independent of who computes it.
 */
import { invariant } from '../errors/invariant.ts';
import { philox4x32, WORDS_PER_BLOCK } from './philox.ts';

/** Stream ids; a number in use must never change its meaning, or old runs could not be resumed. */
export const STREAMS = {
  latent: 1,
  /** Dropout of D where it sees real samples, and where it sees fakes. */
  discriminatorDropoutReal: 2,
  discriminatorDropoutFake: 3,
  generatorDropout: 4,
  /** Weight initialisation; the row is the weight matrix's row. */
  generatorInit: 5,
  discriminatorInit: 6,
  /** Latents of the pictures; always phase 0. */
  fixedLatent: 7,
  /** Order of the training samples; the phase is the epoch. */
  permutation: 8,
  /** PowerSGD's first right factors; the phase is the tensor's place in the state, the row is the factor's. Layer 1: a column begins again. */
  powerSgd: 9,
} as const;
export type StreamName = keyof typeof STREAMS;

/** The part of the address that a whole tensor of random numbers shares. */
export interface RandomAddress {
  /** Non-negative safe integer. */
  readonly seed: number;
  readonly stream: StreamName;
  /** Non-negative safe integer; 0 where the stream has no phase. */
  readonly phase: number;
  /** Index of the layer in its network, 0 … 255; 0 where the stream has no layer. */
  readonly layer: number;
}

const TWO_32 = 2 ** 32;
const BLOCKS_PER_ROW = 2 ** 24;
const LAYERS = 2 ** 8;

/** Draws the rows of one address; made once a tensor, so that the loop over its rows allocates nothing. */
export interface RowSource {
  /** The words of the last drawn row: word j is word j mod 4 of block ⌊j / 4⌋. Overwritten by the next draw. */
  readonly words: Uint32Array;
  draw(row: number): void;
}

export function rowSource(address: RandomAddress, wordsPerRow: number): RowSource {
  const { seed, phase, layer } = address;
  const blocks = Math.ceil(wordsPerRow / WORDS_PER_BLOCK);
  invariant(Number.isSafeInteger(seed) && seed >= 0, `seed ${seed} is a non-negative safe integer`);
  invariant(Number.isSafeInteger(phase) && phase >= 0, `phase ${phase} is a non-negative safe integer`);
  invariant(Number.isInteger(layer) && layer >= 0 && layer < LAYERS, `layer ${layer} fits 8 bits`);
  invariant(blocks <= BLOCKS_PER_ROW, `${blocks} blocks a row fit 24 bits`);
  const k0 = seed | 0;
  const k1 = Math.floor(seed / TWO_32) | 0;
  const layerBits = layer << 24;
  const c2 = phase | 0;
  const c3 = (STREAMS[address.stream] << 24) | Math.floor(phase / TWO_32);
  const words = new Uint32Array(blocks * WORDS_PER_BLOCK);
  const draw = (row: number) => {
    for (let block = 0; block < blocks; block += 1) {
      philox4x32(k0, k1, layerBits | block, row, c2, c3, words, block * WORDS_PER_BLOCK);
    }
  };
  return { words, draw };
}
