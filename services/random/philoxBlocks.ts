/** Philox over many counters that follow one another: four at a time by the SIMD kernel, to the words of `philox4x32`. */
import { must } from '../errors/invariant.ts';
import { Arena, kernelsOf } from '../simd/arena.ts';
import { philox4x32, WORDS_PER_BLOCK } from './philox.ts';

/** Blocks that the kernel does a turn. */
const TURN = 4;
/** Where the kernel writes, before the words are copied to where they are wanted: 4 KiB, which stay in the cache. */
const { buffer, byteOffset, byteLength } = new Arena().bytes(4096);
const SCRATCH = new Uint32Array(buffer, byteOffset, byteLength / Uint32Array.BYTES_PER_ELEMENT);
const KERNELS = must(kernelsOf(SCRATCH), 'kernels');

/** Fills `out` with the blocks of the counters (c0, c1, c2, c3), (c0 + 1, c1, c2, c3), … under key (k0, k1). */
export function fillBlocks(
  k0: number,
  k1: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  out: Uint32Array,
): void {
  const blocks = out.length / WORDS_PER_BLOCK;
  const byKernel = blocks - (blocks % TURN);
  const most = SCRATCH.length / WORDS_PER_BLOCK;
  for (let block = 0; block < byKernel; block += most) {
    const count = Math.min(most, byKernel - block);
    KERNELS.philox(k0, k1, c0 + block, c1, c2, c3, SCRATCH.byteOffset, count);
    out.set(count === most ? SCRATCH : SCRATCH.subarray(0, count * WORDS_PER_BLOCK), block * WORDS_PER_BLOCK);
  }
  for (let block = byKernel; block < blocks; block += 1) {
    philox4x32(k0, k1, c0 + block, c1, c2, c3, out, block * WORDS_PER_BLOCK);
  }
}
