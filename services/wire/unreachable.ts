/** Nobody answers where a coordinator should be. */
import { GanglionError } from '../errors/ganglionError.ts';

export function unreachable(address: string, found: string, cause?: unknown): GanglionError {
  return new GanglionError({
    code: 'unreachable',
    message: `No Ganglion coordinator answers at ${address} (${lastAttempt(found)}).`,
    remedy:
      'Start one with `ganglion coordinator`, or name the right address with --coordinator HOST:PORT; ' +
      'one that has --tls-dir is dialled with --tls-dir.',
    cause,
  });
}

/** Of what gRPC says about all attempts, why the last one failed. */
function lastAttempt(found: string): string {
  return /Last error: (?:Error: )?(.*?)\.? Resolution note:/s.exec(found)?.[1] ?? found;
}
