/** The live page on a port of its own: a read-only view of the coordinator, for browsers. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { describeError, GanglionError } from '../../errors/ganglionError.ts';
import { contextOf } from '../../security/serverContext.ts';
import type { TlsFolder } from '../../security/tlsFolder.ts';
import { HTTP_LIMITS, listenOn, type RunningHttp } from '../../telemetry/httpServer.ts';
import { sendAsset, sendFile, sendJson, sendText } from './answer.ts';
import { type Asset, readAssets } from './assets.ts';
import { checkpointLines } from './checkpointLines.ts';
import { Figure1Feed } from './figure1Feed.ts';
import { HEADERS } from './headers.ts';
import { LiveHub, VIEWERS_MAX } from './liveHub.ts';
import type { PageSource } from './pageSource.ts';
import { type Route, routeOf } from './route.ts';

/** A viewer has one connection that stays, and a few for pictures. */
const CONNECTIONS_MAX = 4 * VIEWERS_MAX;
/** A reader of a checkpoint that stands still; viewers hear something every 15 s. */
const SILENCE_MS_MAX = 60_000;

const NOTHING = 'There is nothing here. The page is at /.\n';

interface Page {
  readonly source: PageSource;
  readonly hub: LiveHub;
  readonly figure1: Figure1Feed;
  readonly assets: () => Promise<ReadonlyMap<string, Asset>>;
}

/** Throws `port-in-use` or `invalid-argument`. @param tls HTTPS for browsers whose certificate its CA has signed; undefined: plain HTTP. */
export async function servePage(
  at: { readonly host: string; readonly port: number },
  source: PageSource,
  tls?: TlsFolder,
): Promise<RunningHttp> {
  let assets: Promise<ReadonlyMap<string, Asset>> | undefined;
  const page: Page = {
    source,
    hub: new LiveHub(source),
    figure1: new Figure1Feed(),
    assets: () => {
      assets ??= readAssets();
      return assets;
    },
  };
  const server = createHttpServer(tls, (request, response) => {
    answer(page, request, response).catch((error: unknown) => refuse(response, error));
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.setTimeout(SILENCE_MS_MAX);
  const running = await listenOn(server, at, 'page');
  return {
    ...running,
    close: async () => {
      page.hub.close();
      await running.close();
      await page.figure1.close();
    },
  };
}

function createHttpServer(
  tls: TlsFolder | undefined,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Server | TlsServer {
  if (!tls) return createServer(HTTP_LIMITS, onRequest);
  const server = createTlsServer({ ...HTTP_LIMITS, ...contextOf(tls.current), requestCert: true }, onRequest);
  const stop = tls.onChange((material) => server.setSecureContext(contextOf(material)));
  server.once('close', stop);
  return server;
}

async function answer(page: Page, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    // A body that nobody asked for is not read.
    response.setHeader('connection', 'close');
    return sendText(response, 405, 'Only GET and HEAD.\n');
  }
  const route = routeOf(request.url ?? '');
  return route ? answerRoute(page, route, response) : sendText(response, 404, NOTHING);
}

async function answerRoute({ source, hub, figure1, assets }: Page, route: Route, response: ServerResponse) {
  switch (route.type) {
    case 'asset': {
      const asset = (await assets()).get(route.name);
      return asset ? sendAsset(response, asset) : sendText(response, 404, NOTHING);
    }
    case 'events': {
      if (hub.isFull) return sendText(response, 503, `At most ${VIEWERS_MAX} pages can be open at once.\n`);
      if (response.req.method === 'HEAD') return sendText(response, 200, '');
      const told = response.req.headers['last-event-id'];
      const cursor = typeof told === 'string' && told !== '' ? told : route.cursor;
      return hub.join(response, HEADERS, { runId: route.runId, cursor });
    }
    case 'checkpoints':
      return sendJson(response, await checkpointLines(source.glance(route.runId).folder));
    case 'figure1':
      return sendJson(response, await figure1.frames(route.runId, source.glance(route.runId).folder));
    case 'file':
      return sendFile(response, route.name, source.fetchArtifact(route.runId, route.name));
  }
}

/** In one sentence, unless the answer has begun: then it ends in the middle, which a browser tells. */
function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const code = error instanceof GanglionError ? error.code : undefined;
  const status = code === 'not-found' ? 404 : code === 'invalid-argument' ? 400 : 500;
  sendText(response, status, `${describeError(error)}\n`);
}
