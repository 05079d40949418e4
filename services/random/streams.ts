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
import { WORDS_PER_BLOCK } from './philox.ts';
import { fillBlocks } from './philoxBlocks.ts';

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
  /** Classes of the fakes, where the run knows classes. */
  fakeLabel: 10,
  /** Where between a real sample and a fake the gradient penalty looks, and D's dropout there. */
  interpolation: 20,
  discriminatorDropoutInterpolated: 21,
  /** The noise around a real sample of the DRAGAN penalty, and D's dropout there. */
  perturbation: 22,
  discriminatorDropoutPerturbed: 23,
  instanceNoiseReal: 24,
  instanceNoiseFake: 25,
  augmentReal: 26,
  augmentFake: 27,
  /** First singular vectors of spectral normalisation; the phase is the network (G 0, D 1). */
  spectralNorm: 30,
  /** Points of a mixture of Gaussians: the seed is the data's own, the row the point, the phase the split. */
  mixturePoint: 40,
  /** The three digits of a stack of stacked MNIST; addressed as a mixture's points. */
  stackedDigits: 41,
  /** Which samples are held out of a data set without official splits; the seed is the data's own. */
  heldOut: 42,
  /** Directions of the sliced Wasserstein distance, a row each; layer is the pyramid's level; always phase 0. */
  evaluationDirections: 50,
  /** Places of its patches; the row is the image, layer the level; always phase 0. */
  evaluationPatches: 51,
  /** First weights of the classifier that evaluation uses; the row is the weight matrix's row. */
  classifierInit: 52,
  /** Latents of samples that are drawn after training, under a seed of their own; always phase 0. */
  sampleLatent: 60,
  /** Images that `npm run reproduce` draws where there are no real ones; the row is the image; always phase 0. */
  drawnImage: 61,
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
    fillBlocks(k0, k1, layerBits, row, c2, c3, words);
  };
  return { words, draw };
}
