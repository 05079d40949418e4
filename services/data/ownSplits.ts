/** Splits of data that come without official ones: shares of the samples, chosen by the data seed. */
import { GanglionError } from '../errors/ganglionError.ts';
import { heldOutPermutation } from './permutation.ts';
import type { SampleSource, Split } from './source.ts';

interface OwnSplits {
  readonly holdOut: { readonly valid: number; readonly test: number };
  readonly seed: number;
}

/** One split of `whole`. The shares are rounded to whole samples. Throws `dataset` where the split has none. */
export function ownSplit(whole: SampleSource, { holdOut, seed }: OwnSplits, split: Split): SampleSource {
  const { name, size: total, shape, type, classes } = whole;
  const test = Math.round(holdOut.test * total);
  const valid = Math.round(holdOut.valid * total);
  // The permutation's first samples are the test split, the next ones the validation split.
  const [first, size] = { test: [0, test], valid: [test, valid], train: [test + valid, total - test - valid] }[
    split
  ] as [number, number];
  if (split === 'train' && size === total) return whole;
  if (size === 0) {
    const field = split === 'train' ? 'data.holdOut leaves none' : `data.holdOut.${split} is ${holdOut[split]}`;
    throw new GanglionError({
      code: 'dataset',
      message: `${name} has ${total} samples, of which none are for the split ${split}: ${field}.`,
      remedy: split === 'train' ? 'Hold out less.' : `Give data.holdOut.${split}, .1 for a tenth of the samples, say.`,
    });
  }
  const order = heldOutPermutation(seed, total);
  return {
    ...{ name, size, shape, type, classes },
    read: (index, into, offset) => whole.read(order(first + index), into, offset),
    label: (index) => whole.label(order(first + index)),
  };
}
