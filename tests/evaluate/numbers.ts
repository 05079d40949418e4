/** Numbers that fixtures.py draws too, and what NumPy, SciPy and scikit-learn say about them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Matrix, matrixOf } from '../../services/evaluate/matrix.ts';
import { fillNormal } from '../../services/random/normal.ts';

/** Uniform in [0, 1): a congruential generator whose upper 24 bits are exact in float32. */
export function numbers(seed: number, rows: number, columns: number, change = (value: number) => value): Matrix {
  let state = seed;
  const values = Float32Array.from({ length: rows * columns }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return change((state >>> 8) * 2 ** -24);
  });
  return matrixOf(values, columns);
}

/** Standard normal numbers, other ones for each seed. */
export function gaussian(seed: number, rows: number, columns: number, mean = 0, deviation = 1): Matrix {
  const values = new Float32Array(rows * columns);
  const address = { seed, stream: 'latent', phase: 0, layer: 0 } as const;
  fillNormal(address, { first: 0, count: rows, width: columns }, values);
  return matrixOf(
    values.map((value) => mean + deviation * value),
    columns,
  );
}

const number = z.number();
const schema = z.object({
  parzen: z.object({ sigma: number, logLikelihood: number, standardError: number, atEachSigma: z.array(number) }),
  frechet: z.object({ distance: number }),
  mmd: z.object({ mmd2: number, standardError: number, bandwidth: number }),
  prdc: z.object({ precision: number, recall: number, density: number, coverage: number }),
  sliced_wasserstein: z.object({ distance: number }),
  pyramid: z.object({ sumOfSquares: z.array(number), corners: z.array(z.array(number)), patch: z.array(number) }),
  modes: z.object({ modes: number, highQuality: number, reverseKl: number }),
});

export const FIXTURES = schema.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures.json'), 'utf8')));
