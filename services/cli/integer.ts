/** Whole numbers on the command line. */
import { GanglionError } from '../errors/ganglionError.ts';

/** A parser for commander: throws `invalid-argument` with what was found and what is allowed. */
export function integer(flag: string, range: { min: number; max: number }): (text: string) => number {
  return (text) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.min && value <= range.max) return value;
    throw new GanglionError({
      code: 'invalid-argument',
      message: `${flag}: found '${text}'; whole numbers from ${range.min} to ${range.max} are allowed.`,
      remedy: `Write ${flag} ${range.min}, say.`,
    });
  };
}
