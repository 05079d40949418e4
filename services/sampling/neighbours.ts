/** The training sample nearest to a sample of G: whether G only remembers is seen by holding them side by side. */
import { invariant } from '../errors/invariant.ts';
import { valuesIn } from '../gan/shapes.ts';
import type { TrainingSamples } from './trainingSamples.ts';

export interface Neighbour {
  /** Index of the training sample. */
  readonly index: number;
  /** Euclidean distance in normalised values. */
  readonly distance: number;
}

/** Training samples read at a time. */
const CHUNK = 1000;

/** The nearest of all training samples for each of `samples` [count, values]; the first of several that are as near. */
export function nearestNeighbours(samples: Float32Array, training: TrainingSamples): Neighbour[] {
  const size = valuesIn(training.shape);
  invariant(samples.length % size === 0, `${samples.length} values are samples of ${size}`);
  const nearest = Array.from({ length: samples.length / size }, () => ({
    index: -1,
    square: Number.POSITIVE_INFINITY,
  }));
  for (let first = 0; first < training.size; first += CHUNK) {
    const count = Math.min(CHUNK, training.size - first);
    const chunk = training.read(first, count);
    for (const [i, best] of nearest.entries()) {
      const sample = samples.subarray(i * size, (i + 1) * size);
      for (let row = 0; row < count; row += 1) {
        const square = squareBelow(sample, chunk, row * size, best.square);
        if (square >= best.square) continue;
        best.square = square;
        best.index = first + row;
      }
    }
  }
  return nearest.map(({ index, square }) => ({ index, distance: Math.sqrt(square) }));
}

/** Values after which a sum is held against the bound. */
const STRIDE = 64;

/** The squared distance; or, once it is no longer below `bound`, any number that is not either. */
function squareBelow(sample: Float32Array, rows: Float32Array, offset: number, bound: number): number {
  let sum = 0;
  for (let begin = 0; begin < sample.length; begin += STRIDE) {
    const end = Math.min(begin + STRIDE, sample.length);
    for (let i = begin; i < end; i += 1) {
      const difference = (sample[i] as number) - (rows[offset + i] as number);
      sum += difference * difference;
    }
    if (sum >= bound) return sum;
  }
  return sum;
}
