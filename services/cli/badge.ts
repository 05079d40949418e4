/** What the global flags --tls-dir and --token-file name, opened. Loaded only by a command that dials or serves. */
import { openTlsFolder } from '../security/tlsFolder.ts';
import { openTokenFile } from '../security/tokens.ts';
import type { Badge } from '../wire/channel.ts';

export interface BadgeFlags {
  readonly tlsDir?: string | undefined;
  readonly tokenFile?: string | undefined;
}

/** Throws `invalid-argument`. */
export async function openBadge({ tlsDir, tokenFile }: BadgeFlags, warn: (why: string) => void) {
  const [tls, token] = await Promise.all([
    tlsDir === undefined ? undefined : openTlsFolder(tlsDir, warn),
    tokenFile === undefined ? undefined : openTokenFile(tokenFile, warn),
  ]);
  return { tls, token } satisfies Badge;
}
