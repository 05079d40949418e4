/** Addresses of web servers on the command line. */
import { GanglionError } from '../errors/ganglionError.ts';

/** A parser for commander: throws `invalid-argument`. */
export function httpUrl(flag: string, example: string): (text: string) => string {
  return (text) => {
    if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
    throw new GanglionError({
      code: 'invalid-argument',
      message: `${flag}: found '${text.slice(0, 80)}'; an http:// or https:// address is allowed.`,
      remedy: `Write ${flag} ${example}, say.`,
    });
  };
}
