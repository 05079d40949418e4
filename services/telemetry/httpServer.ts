/** Metrics and health on a port of their own, read-only. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GanglionError } from '../errors/ganglionError.ts';

export interface HttpPages {
  metrics(): Promise<{ contentType: string; text: string }>;
  ready(): { readonly ready: boolean; readonly why: string };
}

export interface RunningHttp {
  /** HOST:PORT */
  readonly address: string;
  close(): Promise<void>;
}

const HEADER_BYTES_MAX = 8_192;
const REQUEST_MS_MAX = 10_000;
const CONNECTIONS_MAX = 64;

/** Port 0 takes a free one. Throws `port-in-use`. */
export async function serveHttp(at: { host: string; port: number }, pages: HttpPages): Promise<RunningHttp> {
  const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, requestTimeout: REQUEST_MS_MAX }, (request, response) => {
    answer(pages, request, response).catch((error) => send(response, 500, `${(error as Error).message}\n`));
  });
  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(at, error)));
    server.listen(at.port, at.host, resolve);
  });
  return {
    address: `${at.host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(pages: HttpPages, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'Only GET and HEAD.\n');
  switch (request.url?.split('?')[0]) {
    case '/metrics': {
      const { contentType, text } = await pages.metrics();
      return send(response, 200, text, contentType);
    }
    case '/healthz':
      return send(response, 200, 'ok\n');
    case '/readyz': {
      const { ready, why } = pages.ready();
      return send(response, ready ? 200 : 503, `${why}\n`);
    }
    default:
      return send(response, 404, 'There are /metrics, /healthz and /readyz.\n');
  }
}

function send(response: ServerResponse, status: number, text: string, contentType = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) });
  response.end(response.req.method === 'HEAD' ? undefined : text);
}

function cannotListen(at: { host: string; port: number }, error: NodeJS.ErrnoException): GanglionError {
  const taken = error.code === 'EADDRINUSE';
  return new GanglionError({
    code: taken ? 'port-in-use' : 'invalid-argument',
    message: taken
      ? `Port ${at.port} on ${at.host} is already in use.`
      : `Cannot listen on ${at.host}:${at.port}: ${error.message}.`,
    remedy: taken
      ? 'Stop the other program, or choose another port with --http-port (0 takes a free one).'
      : 'Choose an address of this machine with --http-host.',
    cause: error,
  });
}
