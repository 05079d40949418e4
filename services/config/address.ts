/** Where a coordinator is. */
import { GanglionError } from '../errors/ganglionError.ts';

/** HOST:PORT, with brackets around an IPv6 address. Throws `invalid-argument`. @param name of the flag or variable */
export function requireAddress(name: string, text: string): string {
  const port = /^(?:[\w.-]+|\[[\dA-Fa-f:.]+\]):(\d{1,5})$/.exec(text)?.[1];
  if (port !== undefined && Number(port) >= 1 && Number(port) <= 65_535) return text;
  throw new GanglionError({
    code: 'invalid-argument',
    message: `${name}: found '${text.slice(0, 80)}'; HOST:PORT is allowed, as in trainer.example.org:7600 or [::1]:7600.`,
    remedy: 'Write 127.0.0.1:7600, say.',
  });
}
