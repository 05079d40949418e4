/** An HTTP server of files, with the faults that a test asks for. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileServer {
  readonly url: string;
  /** `GET /name` or `GET /name from 100`, in their order. */
  readonly requests: string[];
  /** Taken in order, one an answer; afterwards answers are right. */
  readonly faults: Fault[];
  close(): Promise<void>;
}

export type Fault = (file: Buffer, response: ServerResponse, from: number) => void;

/** Sends so many bytes and breaks the connection, once a busy client has had time to read them: it drops what it has not. */
export const cutAfter =
  (bytes: number): Fault =>
  (file, response, from) => {
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': file.length - from,
      ...(from > 0 && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
    });
    response.write(file.subarray(from, from + bytes), () => setTimeout(() => response.destroy(), 150));
  };

export async function serveFiles(files: Readonly<Record<string, Buffer>>): Promise<FileServer> {
  const requests: string[] = [];
  const faults: Fault[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const name = (request.url ?? '').slice(1);
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    requests.push(`GET ${name}${from > 0 ? ` from ${from}` : ''}`);
    const file = files[name];
    if (!file) return response.writeHead(404).end('not found');
    (faults.shift() ?? sendRest)(file, response, from);
    return response;
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    faults,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

const sendRest: Fault = (file, response, from) => {
  const rest = file.subarray(from);
  if (from === 0) return void response.writeHead(200, { 'content-length': rest.length }).end(rest);
  response
    .writeHead(206, {
      'content-length': rest.length,
      'content-range': `bytes ${from}-${file.length - 1}/${file.length}`,
    })
    .end(rest);
};
