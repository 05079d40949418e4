/** Whom the coordinator lets in, from the files that its flags name. */
import { openTlsFolder, requireOwn } from '../security/tlsFolder.ts';
import { openTokensFile } from '../security/tokens.ts';
import type { Access } from '../wire/server.ts';

export interface AccessFiles {
  readonly tlsDir?: string;
  readonly tokensFile?: string;
}

/** Throws `invalid-argument`. */
export async function openAccess({ tlsDir, tokensFile }: AccessFiles, warn: (why: string) => void): Promise<Access> {
  const tls = tlsDir === undefined ? undefined : await openTlsFolder(tlsDir, warn);
  if (tls) requireOwn(tls.current);
  return { tls, tokens: tokensFile === undefined ? undefined : await openTokensFile(tokensFile, warn) };
}
