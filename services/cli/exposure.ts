/** A service beyond loopback is everybody's who reaches it: it needs TLS, or a person who says that it does not. */
import { isLoopback } from '../config/loopback.ts';
import { GanglionError } from '../errors/ganglionError.ts';

export interface Exposure {
  readonly flag: string;
  readonly host: string;
  /** As in "anyone there could launch runs". */
  readonly risk: string;
}

/** Throws `refused`, naming both ways out. */
export function refuseExposure(
  { flag, host, risk }: Exposure,
  safe: { tlsDir?: string | undefined; insecure?: boolean },
): void {
  if (isLoopback(host) || safe.tlsDir !== undefined || safe.insecure) return;
  throw new GanglionError({
    code: 'refused',
    message: `${flag} ${host} would listen beyond this machine without TLS: ${risk}.`,
    remedy:
      'Name certificates by --tls-dir (`ganglion tls init` makes them), or say --insecure on a network that you trust.',
  });
}
