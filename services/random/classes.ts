/** Random classes: the high bits of a word's product with their number, off from uniform by less than 2⁻¹⁶ of a class. */
import { type RandomAddress, rowSource } from './streams.ts';

/** Class of each row from `first` on, 0 … classes − 1. */
export function drawClasses(
  address: RandomAddress,
  { first, count }: { readonly first: number; readonly count: number },
  classes: number,
): Uint16Array {
  const source = rowSource(address, 1);
  return Uint16Array.from({ length: count }, (_, row) => {
    source.draw(first + row);
    return Math.floor(((source.words[0] ?? 0) * classes) / 2 ** 32);
  });
}
