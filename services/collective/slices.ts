/** The flat gradient, cut into as many slices as there are workers: each adds one of them for all. */

export interface Slice {
  /** First value. */
  readonly offset: number;
  /** Values in it; none where the gradient is too short for so many slices. */
  readonly count: number;
}

/** Values: a cache line of float32, so that no two workers' slices share one. */
const ALIGNMENT = 16;

/** Disjoint, complete, in order, and as even as whole cache lines can be. */
export function cutSlices(length: number, sliceCount: number): Slice[] {
  const lines = Math.ceil(length / ALIGNMENT);
  const border = (index: number) => Math.min(length, Math.ceil((lines * index) / sliceCount) * ALIGNMENT);
  return Array.from({ length: sliceCount }, (_, index) => ({
    offset: border(index),
    count: border(index + 1) - border(index),
  }));
}
