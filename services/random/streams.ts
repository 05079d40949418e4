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

/** Draws blocks of one address; made once a tensor, so that the loop over its values allocates nothing. */
export interface BlockSource {
  /** The four words of the last drawn block. */
  readonly words: Uint32Array;
  draw(row: number, block: number): void;
}

/** @param blocksPerRow how many blocks a row will need at most; guards the 24 bits of the block field. */
export function blockSource(address: RandomAddress, blocksPerRow: number): BlockSource {
  const { seed, phase, layer } = address;
  invariant(Number.isSafeInteger(seed) && seed >= 0, `seed ${seed} is a non-negative safe integer`);
  invariant(Number.isSafeInteger(phase) && phase >= 0, `phase ${phase} is a non-negative safe integer`);
  invariant(Number.isInteger(layer) && layer >= 0 && layer < LAYERS, `layer ${layer} fits 8 bits`);
  invariant(blocksPerRow <= BLOCKS_PER_ROW, `${blocksPerRow} blocks a row fit 24 bits`);
  const k0 = seed | 0;
  const k1 = Math.floor(seed / TWO_32) | 0;
  const layerBits = layer << 24;
  const c2 = phase | 0;
  const c3 = (STREAMS[address.stream] << 24) | Math.floor(phase / TWO_32);
  const words = new Uint32Array(WORDS_PER_BLOCK);
  return { words, draw: (row, block) => philox4x32(k0, k1, layerBits | block, row, c2, c3, words, 0) };
}

/** Fills `out` with raw 32-bit words: value j of the row is word j mod 4 of block ⌊j / 4⌋. */
export function fillWords(address: RandomAddress, row: number, out: Uint32Array): void {
  const source = blockSource(address, Math.ceil(out.length / WORDS_PER_BLOCK));
  for (let index = 0; index < out.length; index += 1) {
    if (index % WORDS_PER_BLOCK === 0) source.draw(row, index / WORDS_PER_BLOCK);
    out[index] = source.words[index % WORDS_PER_BLOCK] ?? 0;
  }
}
