/** What a certificate or a token lets its holder be. */

export const ROLES = ['client', 'worker', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const URI_PREFIX = 'urn:ganglion:role:';

/** The URI that a certificate names a role with, among its subject's alternative names. */
export function roleUri(role: Role): string {
  return `${URI_PREFIX}${role}`;
}

export function roleOf(word: string): Role | undefined {
  return ROLES.find((role) => role === word);
}

/** A peer's names, as Node gives them. */
export interface PeerNames {
  /** `URI:urn:ganglion:role:worker, DNS:localhost, …` */
  readonly subjectaltname?: string | undefined;
  readonly subject?: { readonly OU?: string | readonly string[] | undefined };
}

/** One of Node's `subjectaltname`: what holds a comma or a quote is a JSON string there, so that none passes for two. */
const ALTERNATIVE_NAME = /([^:,"]+):("(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/gy;

/** By URI, or, where a company's CA writes none, by organizational unit. */
export function rolesOf({ subjectaltname = '', subject }: PeerNames): ReadonlySet<Role> {
  const words = [...(typeof subject?.OU === 'string' ? [subject.OU] : (subject?.OU ?? []))];
  for (const [, kind, name = ''] of subjectaltname.matchAll(ALTERNATIVE_NAME)) {
    if (kind === 'URI' && name.startsWith(URI_PREFIX)) words.push(name.slice(URI_PREFIX.length));
  }
  return new Set(words.flatMap((word) => roleOf(word) ?? []));
}
