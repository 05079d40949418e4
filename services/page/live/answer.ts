/** Writes answers: whole ones with a length, and files as they stream. */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Asset } from './assets.ts';
import { HEADERS } from './headers.ts';

const compressed = promisify(gzip);
/** Shorter texts are not worth the time. */
const GZIP_BYTES_MIN = 1_024;

export function sendText(response: ServerResponse, status: number, text: string): void {
  sendBytes(response, status, 'text/plain; charset=utf-8', Buffer.from(text));
}

export async function sendJson(response: ServerResponse, value: unknown): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(value));
  const type = 'application/json; charset=utf-8';
  if (bytes.length < GZIP_BYTES_MIN || !takesGzip(response)) return sendBytes(response, 200, type, bytes);
  sendBytes(response, 200, type, await compressed(bytes), { 'content-encoding': 'gzip', vary: 'accept-encoding' });
}

export function sendAsset(response: ServerResponse, { type, bytes, gzipped, etag }: Asset): void {
  const headers = { etag, vary: 'accept-encoding' };
  if (response.req.headers['if-none-match'] === etag) {
    response.writeHead(304, { ...HEADERS, ...headers });
    return void response.end();
  }
  if (takesGzip(response)) sendBytes(response, 200, type, gzipped, { ...headers, 'content-encoding': 'gzip' });
  else sendBytes(response, 200, type, bytes, headers);
}

/** Pictures are shown; everything else is saved under its own name. */
export async function sendFile(
  response: ServerResponse,
  name: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]();
  // What is not there is told before anything is answered.
  const first = await iterator.next();
  const [file = ''] = name.split('/').slice(-1);
  const isPicture = file.endsWith('.png');
  response.writeHead(200, {
    ...HEADERS,
    'content-type': isPicture ? 'image/png' : 'application/octet-stream',
    ...(isPicture ? {} : { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file)}` }),
  });
  if (response.req.method === 'HEAD') {
    await iterator.return?.();
    return void response.end();
  }
  await pipeline(async function* () {
    if (!first.done) yield first.value;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }, response);
}

function takesGzip({ req }: ServerResponse): boolean {
  return /\bgzip\b/.test(String(req.headers['accept-encoding'] ?? ''));
}

function sendBytes(response: ServerResponse, status: number, type: string, bytes: Buffer, more: object = {}): void {
  response.writeHead(status, { ...HEADERS, 'content-type': type, 'content-length': bytes.length, ...more });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}
