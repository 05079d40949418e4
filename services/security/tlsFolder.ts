/** Certificate, key and CA of this process, from a folder that is laid out as a Kubernetes TLS secret is. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { GanglionError } from '../errors/ganglionError.ts';
import { readIfThere, WatchedFiles } from './watchedFiles.ts';

export const TLS_FILES = { certificate: 'tls.crt', key: 'tls.key', ca: 'ca.crt' } as const;

export interface TlsMaterial {
  /** PEM; whom this process trusts. */
  readonly ca: Buffer;
  /** PEM; undefined where the holder shows a token instead. */
  readonly own: { readonly certificate: Buffer; readonly key: Buffer } | undefined;
}

export type TlsFolder = WatchedFiles<TlsMaterial>;

/** Throws `invalid-argument`: what is missing or does not fit, and how such a folder comes about. */
export function openTlsFolder(folder: string, warn: (why: string) => void): Promise<TlsFolder> {
  return WatchedFiles.open({ read: () => readFolder(folder), text: materialText, warn });
}

/** Who serves, or talks to other workers, must show who it is. Throws `invalid-argument`. */
export function requireOwn(material: TlsMaterial): { readonly certificate: Buffer; readonly key: Buffer } {
  if (material.own) return material.own;
  throw notUsable(`There is no ${TLS_FILES.certificate} beside ${TLS_FILES.ca}, which coordinators and workers need.`);
}

async function readFolder(folder: string): Promise<TlsMaterial> {
  const at = (name: string) => join(folder, name);
  const [certificate, key, ca] = await Promise.all(
    [TLS_FILES.certificate, TLS_FILES.key, TLS_FILES.ca].map((name) => readIfThere(at(name)).catch(unreadable)),
  );
  if (!ca) throw notUsable(`There is no ${at(TLS_FILES.ca)}.`);
  readCertificate(at(TLS_FILES.ca), ca);
  if (!certificate && !key) return { ca, own: undefined };
  if (!certificate || !key) throw notUsable(`There is no ${at(certificate ? TLS_FILES.key : TLS_FILES.certificate)}.`);
  const leaf = readCertificate(at(TLS_FILES.certificate), certificate);
  if (!leaf.checkPrivateKey(readKey(at(TLS_FILES.key), key))) {
    throw notUsable(`${at(TLS_FILES.key)} is not the key of ${at(TLS_FILES.certificate)}.`);
  }
  return { ca, own: { certificate, key } };
}

function readCertificate(path: string, pem: Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw notUsable(`${path} is no certificate (${(error as Error).message}).`);
  }
}

function readKey(path: string, pem: Buffer) {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw notUsable(`${path} is no private key (${(error as Error).message}).`);
  }
}

function unreadable(error: Error): never {
  throw notUsable(`${error.message}.`);
}

function materialText({ ca, own }: TlsMaterial): string {
  return [ca, own?.certificate ?? '', own?.key ?? ''].join('\n');
}

function notUsable(message: string): GanglionError {
  return new GanglionError({
    code: 'invalid-argument',
    message,
    remedy: `--tls-dir takes a folder with ${Object.values(TLS_FILES).join(', ')}, as \`ganglion tls init\` and cert-manager make it.`,
  });
}
