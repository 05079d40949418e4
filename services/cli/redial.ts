/** How long a coordinator that went away is waited for. */
import { GanglionError } from '../errors/ganglionError.ts';

/** One that restarts is back within seconds; one that is gone is reported after 60 dials, a second apart. */
export const REDIALS_MAX = 60;
export const REDIAL_MS = 1_000;

export const AWAY = 'went away: it is dialled again for up to a minute.';

/** A coordinator that stops aborts its open calls; after that nobody answers. */
export function isAway(error: unknown): boolean {
  return error instanceof GanglionError && (error.code === 'unreachable' || error.code === 'aborted');
}
