/** What a TLS server of ours is made of: mutual TLS 1.3, whose certificates are exchanged while it listens. */
import { constants } from 'node:crypto';
import { createServer, type Server, type TlsOptions } from 'node:tls';
import { requireOwn, type TlsFolder, type TlsMaterial } from './tlsFolder.ts';

/** Every handshake from now on is with the folder's newest files. Throws `invalid-argument` without a certificate. */
export function createTlsServer(folder: TlsFolder, options: TlsOptions): Server {
  const server = createServer({ ...options, ...contextOf(folder.current), requestCert: true });
  const stop = folder.onChange((material) => server.setSecureContext(contextOf(material)));
  server.once('close', stop);
  return server;
}

/** Also for who dials a peer. */
export function contextOf(material: TlsMaterial) {
  const { certificate, key } = requireOwn(material);
  return {
    ca: material.ca,
    cert: certificate,
    key,
    minVersion: 'TLSv1.3' as const,
    // A resumed session would be one that nobody has looked at since the certificates were exchanged.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}
