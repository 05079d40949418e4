/** Bearer tokens: who cannot hold a certificate (a CI job, a person behind a proxy) shows one of these. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { GanglionError } from '../errors/ganglionError.ts';
import { ROLES, type Role, roleOf } from './role.ts';
import { WatchedFiles } from './watchedFiles.ts';

/** 128 random bits in hexadecimal, or more. */
const TOKEN_CHARACTERS_MIN = 32;

/** Roles by the SHA-256 of their token: a look-up's time tells nothing about a token. */
export type TokenRoles = ReadonlyMap<string, Role>;

/** `role token` a line; empty lines and those that begin with # are passed over. Throws `invalid-argument`. */
export function openTokensFile(path: string, warn: (why: string) => void): Promise<WatchedFiles<TokenRoles>> {
  return WatchedFiles.open({
    read: async () => parseTokens(path, await readText(path)),
    text: (roles) => JSON.stringify([...roles]),
    warn,
  });
}

/** The one token of a client or worker. Throws `invalid-argument`. */
export function openTokenFile(path: string, warn: (why: string) => void): Promise<WatchedFiles<string>> {
  return WatchedFiles.open({ read: async () => onlyToken(path, await readText(path)), text: (token) => token, warn });
}

export function roleOfToken(roles: TokenRoles, token: string): Role | undefined {
  return roles.get(digest(token));
}

function parseTokens(path: string, text: string): TokenRoles {
  const roles = new Map<string, Role>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [word = '', token = '', ...rest] = line.trim().split(/\s+/);
    const role = roleOf(word);
    const where = `${path}, line ${index + 1}`;
    // What the line says is a secret, or part of one: it is not repeated.
    if (!role || rest.length > 0)
      throw wrong(`${where}: found something else than a role (${ROLES.join(', ')}) and a token.`);
    requireToken(where, token);
    if (roles.has(digest(token))) throw wrong(`${where}: this token has a line above.`);
    roles.set(digest(token), role);
  }
  if (roles.size === 0) throw wrong(`${path} has no token.`);
  return roles;
}

function onlyToken(path: string, text: string): string {
  const token = text.trim();
  requireToken(path, token);
  return token;
}

function requireToken(where: string, token: string): void {
  if (token.length >= TOKEN_CHARACTERS_MIN && /^[\x21-\x7e]+$/.test(token)) return;
  throw wrong(`${where}: a token has at least ${TOKEN_CHARACTERS_MIN} characters, printable and without spaces.`);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw wrong(`${path} cannot be read: ${(error as Error).message}.`);
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function wrong(message: string): GanglionError {
  return new GanglionError({
    code: 'invalid-argument',
    message,
    remedy: 'Make one with `openssl rand -hex 32`; the coordinator’s file has "role token" on each line.',
  });
}
