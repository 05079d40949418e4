/** The middle of some measurements: one that a busy moment of the machine does not move. */
import { invariant, must } from '../errors/invariant.ts';

/** The mean of the two in the middle where their number is even. */
export function median(values: readonly number[]): number {
  invariant(values.length > 0, 'a median is of at least one value');
  const sorted = [...values].sort((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const lower = sorted.length % 2 === 0 ? upper - 1 : upper;
  return (must(sorted[lower], 'value') + must(sorted[upper], 'value')) / 2;
}
