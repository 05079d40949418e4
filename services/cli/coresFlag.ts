/** `--cores` on the command line. */
import { type CoresWish, formatCores, parseCores } from '../cores/cores.ts';
import { GanglionError } from '../errors/ganglionError.ts';

/** Throws `invalid-argument` with what was found and what is allowed. @param allowed of this process; empty: unknown. */
export function parseCoresFlag(text: string, allowed: readonly number[]): CoresWish {
  if (text === 'auto' || text === 'off') return text;
  const cores = parseCores(text);
  if (cores === undefined) throw refused(`found '${text}'; auto, off, or cores as in 0-3,8 are allowed`, allowed);
  const missing = cores.filter((core) => allowed.length > 0 && !allowed.includes(core));
  if (missing.length === 0) return cores;
  throw refused(`found ${text}; this process may use the cores ${formatCores(allowed)}`, allowed);
}

function refused(what: string, allowed: readonly number[]): GanglionError {
  return new GanglionError({
    code: 'invalid-argument',
    message: `--cores: ${what}.`,
    remedy: `Write --cores ${allowed[0] ?? 0}, say, or leave it out.`,
  });
}
