/** Who this coordinator is to a NATS server, and which server it trusts: from files, read anew at each dial. */
import { readFileSync } from 'node:fs';
import { type Authenticator, credsAuthenticator, nkeyAuthenticator } from 'nats';
import { GanglionError } from '../errors/ganglionError.ts';

export interface NatsAccess {
  /** A `.creds` file: JWT and seed. */
  readonly credsFile?: string | undefined;
  /** An NKey's seed. */
  readonly nkeyFile?: string | undefined;
  /** PEM. Default: the CAs that Node trusts. */
  readonly caFile?: string | undefined;
}

/** Looks into the files once, so that a wrong one is told at the start. Throws `invalid-argument`. */
export function requireAccess(access: NatsAccess): NatsAccess {
  const { credsFile, nkeyFile, caFile } = access;
  if (credsFile !== undefined && nkeyFile !== undefined) {
    throw wrong('--nats-creds and --nats-nkey were both given; one of them is allowed.');
  }
  try {
    // Signing nothing shows whether there is a key to sign with.
    for (const authenticator of authenticators(access)) authenticator('nonce');
    if (caFile !== undefined) readFileSync(caFile);
  } catch (error) {
    const file = credsFile ?? nkeyFile ?? caFile;
    throw wrong(`NATS cannot be reached with ${file}: ${(error as Error).message}.`);
  }
  return access;
}

export function authenticators({ credsFile, nkeyFile }: NatsAccess): Authenticator[] {
  return [
    ...(credsFile === undefined ? [] : [credsAuthenticator(() => readFileSync(credsFile))]),
    ...(nkeyFile === undefined ? [] : [nkeyAuthenticator(() => Buffer.from(readFileSync(nkeyFile, 'utf8').trim()))]),
  ];
}

export function needsTls(servers: string | readonly string[], { caFile }: NatsAccess): boolean {
  return caFile !== undefined || [servers].flat().some((url) => url.startsWith('tls://'));
}

function wrong(message: string): GanglionError {
  return new GanglionError({
    code: 'invalid-argument',
    message,
    remedy: 'Name the files that `nsc` or your NATS operator made: --nats-creds or --nats-nkey, and --nats-ca.',
  });
}
