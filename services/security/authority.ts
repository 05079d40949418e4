/** A CA of one's own, and what it signs: X.509 v3 with keys on P-256, as people who have no CA need it. */
import 'reflect-metadata';
import { randomBytes, type webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type GeneralNameType,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { type Role, roleUri } from './role.ts';

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' };
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' };

/** Clocks of one cluster may differ by so much. */
const SKEW_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

/** A pair of PEM texts. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

export interface Wish {
  /** Common name. */
  readonly name: string;
  /** None for a coordinator, which only answers. */
  readonly roles: readonly Role[];
  /** Names and addresses that it is dialled by. */
  readonly hosts: readonly string[];
  readonly days: number;
}

export async function createAuthority(name: string, days: number, from = new Date()): Promise<Identity> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...validity(days, from),
    serialNumber: serialNumber(),
    name: [{ CN: [name] }, { O: ['Ganglion'] }],
    signingAlgorithm: SIGNING,
    keys,
    extensions: [
      // It signs certificates, and no other CA.
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: await keyPem(keys) };
}

/** A worker answers others and dials them; a coordinator only answers, and a client only dials. */
export async function issue(authority: Identity, wish: Wish, from = new Date()): Promise<Identity> {
  const { name, roles, hosts, days } = wish;
  const issuer = new X509Certificate(authority.certificate);
  const keys = await newKeys();
  const names: { type: GeneralNameType; value: string }[] = hosts.map((host) => ({
    type: isIP(host) ? 'ip' : 'dns',
    value: host,
  }));
  for (const role of roles) names.push({ type: 'url', value: roleUri(role) });
  const serves = roles.length === 0 || roles.includes('worker');
  const certificate = await X509CertificateGenerator.create({
    ...validity(days, from),
    serialNumber: serialNumber(),
    subject: [{ CN: [name] }, { O: ['Ganglion'] }],
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: await readKey(authority.key),
    signingAlgorithm: SIGNING,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([
        ...(serves ? [ExtendedKeyUsage.serverAuth] : []),
        ...(roles.length > 0 ? [ExtendedKeyUsage.clientAuth] : []),
      ]),
      new SubjectAlternativeNameExtension(names),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: await keyPem(keys) };
}

function validity(days: number, from: Date) {
  return { notBefore: new Date(from.getTime() - SKEW_MS), notAfter: new Date(from.getTime() + days * DAY_MS) };
}

/** 127 random bits: RFC 5280 wants positive numbers of at most 20 bytes. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes.toString('hex');
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

async function keyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return `${PemConverter.encode(await crypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')}\n`;
}

function readKey(pem: string): Promise<webcrypto.CryptoKey> {
  return crypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), KEY_ALGORITHM, false, ['sign']);
}
