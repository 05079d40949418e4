/** Who calls, and whether that is enough, as pure decisions with a sentence. */
import type { PeerCertificate } from 'node:tls';
import { GanglionError } from '../errors/ganglionError.ts';
import { type Role, rolesOf } from './role.ts';

/** What the other end of a connection has shown. */
export interface Caller {
  /** As in "worker-7 (certificate of worker)". */
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
  /** Why its certificate counts for nothing; undefined where it is good. */
  readonly obstacle: string | undefined;
  readonly expiresAtMs: number;
}

/** A connection without TLS. */
export const STRANGER: Caller = {
  name: 'somebody',
  roles: new Set(),
  obstacle: 'it showed no certificate',
  expiresAtMs: Number.POSITIVE_INFINITY,
};

/** A token that came with a call. */
export interface ShownToken {
  /** This coordinator knows tokens at all. */
  readonly taken: boolean;
  /** Undefined where it is not one of them. */
  readonly role: Role | undefined;
}

/** What Node says of a chain that it cannot verify, as a person would say it. */
const REASONS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: compare the clocks',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of a CA that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of a CA that is not trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of a CA that is not trusted here',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself alone',
  CERT_SIGNATURE_FAILURE: 'its certificate does not bear the signature of its CA',
  INVALID_PURPOSE: 'its certificate is not for clients',
};

/** `authorizationError`: Node's code, where it could not verify the chain. */
export function callerOf(certificate: Partial<PeerCertificate>, authorizationError: string | undefined): Caller {
  if (!certificate.raw) return STRANGER;
  const { subject, valid_to } = certificate;
  const roles = rolesOf(certificate as PeerCertificate);
  const name = typeof subject?.CN === 'string' ? subject.CN : 'a certificate without a name';
  const obstacle =
    authorizationError && (REASONS[authorizationError] ?? `its certificate is not good (${authorizationError})`);
  return { name, roles, obstacle, expiresAtMs: Date.parse(valid_to ?? '') };
}

/**
 * Undefined where the call may go on. A token, where one came, counts for more than the certificate: it is shown on
 * purpose. `unauthenticated`: nobody knows who it is; `forbidden`: it is known, and may not.
 */
export function refusalOf(
  caller: Caller,
  token: ShownToken | undefined,
  allowed: readonly Role[],
  what: string,
  nowMs: number,
): GanglionError | undefined {
  if (token && !token.taken && caller.obstacle) {
    return unauthenticated(what, `${caller.obstacle}, and this coordinator takes no tokens (--tokens-file)`);
  }
  if (token?.taken && !token.role) return unauthenticated(what, 'its token is not one of this coordinator’s');
  const roles = token?.role ? new Set([token.role]) : caller.roles;
  if (!token?.role && caller.obstacle) return unauthenticated(what, caller.obstacle);
  if (!token?.role && caller.expiresAtMs <= nowMs) return unauthenticated(what, 'its certificate has expired');
  if (allowed.some((role) => roles.has(role))) return undefined;
  const found = roles.size > 0 ? `has the role ${[...roles].join(', ')}` : 'has no role';
  return new GanglionError({
    code: 'forbidden',
    message: `${token?.role ? 'The holder of this token' : caller.name} ${found}; ${what} is for ${allowed.join(', ')}.`,
    remedy: `Call with the certificate or the token of one that may: ${allowed.join(', ')}.`,
  });
}

function unauthenticated(what: string, why: string): GanglionError {
  return new GanglionError({
    code: 'unauthenticated',
    message: `${what} was refused to a caller: ${why}.`,
    remedy: 'Name a folder with a certificate of this cluster’s CA by --tls-dir, or a token by --token-file.',
  });
}
