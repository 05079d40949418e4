/** Addresses on the command line. */
import { GanglionError } from '../errors/ganglionError.ts';

/** HOST:PORT, with brackets around an IPv6 address. Throws `invalid-argument`. */
export function parseAddress(text: string): string {
  const port = /^(?:[\w.-]+|\[[\dA-Fa-f:.]+\]):(\d{1,5})$/.exec(text)?.[1];
  if (port !== undefined && Number(port) >= 1 && Number(port) <= 65_535) return text;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `--coordinator: found '${text.slice(0, 80)}'; HOST:PORT is allowed, as in trainer.example.org:7600 or [::1]:7600.`,
    remedy: 'Write --coordinator 127.0.0.1:7600, say.',
  });
}

/** Throws `invalid-argument`. */
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
