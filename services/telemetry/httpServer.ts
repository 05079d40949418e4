/** Metrics and health on a port of their own, read-only. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { type AddressInfo, isIPv6 } from 'node:net';
import { GanglionError } from '../errors/ganglionError.ts';

export interface Readiness {
  readonly ready: boolean;
  /** The sentence that /readyz answers with, 200 or 503. */
  readonly why: string;
}

export interface HttpPages {
  ready(): Readiness;
  /** A worker has health alone. */
  metrics?(): Promise<{ contentType: string; text: string }>;
  /** The PNG of a run's newest samples. Throws `not-found`. */
  samples?(runId: string): Promise<Buffer>;
}

export interface RunningHttp {
  /** HOST:PORT */
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** Of every HTTP port of ours. */
export const HTTP_LIMITS = {
  maxHeaderSize: 8_192,
  /** A slow sender of headers is cut off. */
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  /** How often Node looks for the slow ones. */
  connectionsCheckingInterval: 1_000,
};
/** A scrape is up to about 100 KB: 64 of them are 6 MB. */
const CONNECTIONS_MAX = 64;
const REQUESTS_PER_CONNECTION_MAX = 1_000;
/** A connection that neither sends nor reads. */
const SILENCE_MS_MAX = 30_000;

/** Port 0 takes a free one; the host is 127.0.0.1 unless told otherwise. Throws `port-in-use` or `invalid-argument`. */
export async function serveHttp(at: { host?: string; port: number }, pages: HttpPages): Promise<RunningHttp> {
  const server = createServer(HTTP_LIMITS, (request, response) => {
    answer(pages, request, response).catch((error) => {
      const isMissing = error instanceof GanglionError && error.code === 'not-found';
      send(response, isMissing ? 404 : 500, `${(error as Error).message}\n`);
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.maxRequestsPerSocket = REQUESTS_PER_CONNECTION_MAX;
  server.setTimeout(SILENCE_MS_MAX);
  return listenOn(server, at, 'http');
}

/** @param flags that choose the place: `http` means --http-host and --http-port. Throws `port-in-use` or `invalid-argument`. */
export async function listenOn(
  server: Server | TlsServer,
  { host = LOOPBACK, port }: { host?: string; port: number },
  flags: 'http' | 'page',
): Promise<RunningHttp> {
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(cannotListen({ host, port }, flags, error));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    address: `${isIPv6(host) ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(pages: HttpPages, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    // A body that nobody asked for is not read.
    response.setHeader('connection', 'close');
    return send(response, 405, 'Only GET and HEAD.\n');
  }
  const path = request.url?.split('?')[0] ?? '';
  const run = /^\/samples\/([A-Za-z0-9_-]{1,200})\.png$/.exec(path)?.[1];
  if (run !== undefined && pages.samples) return send(response, 200, await pages.samples(run), 'image/png');
  switch (path) {
    case '/metrics': {
      if (!pages.metrics) break;
      const { contentType, text } = await pages.metrics();
      return send(response, 200, text, contentType);
    }
    case '/healthz':
      return send(response, 200, 'ok\n');
    case '/readyz': {
      const { ready, why } = pages.ready();
      return send(response, ready ? 200 : 503, `${why}\n`);
    }
  }
  const paths = pages.metrics ? '/metrics, /healthz, /readyz and /samples/RUN.png' : '/healthz and /readyz';
  send(response, 404, `There are ${paths}.\n`);
}

function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  contentType = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function cannotListen(
  { host, port }: { host: string; port: number },
  flags: 'http' | 'page',
  error: NodeJS.ErrnoException,
): GanglionError {
  if (error.code === 'EADDRINUSE') {
    return new GanglionError({
      code: 'port-in-use',
      message: `Port ${port} on ${host} is already in use.`,
      remedy: `Stop the other program, or choose another port with --${flags}-port (0 takes a free one).`,
      cause: error,
    });
  }
  const isForbidden = error.code === 'EACCES';
  return new GanglionError({
    code: 'invalid-argument',
    message: `Cannot listen on ${host}:${port}: ${error.message}.`,
    remedy: isForbidden
      ? `Choose a port from 1024 up with --${flags}-port.`
      : `Choose an address of this machine with --${flags}-host.`,
    cause: error,
  });
}
