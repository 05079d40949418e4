/** One open page: server-sent events into its connection. Who does not read is dropped, and comes back by itself. */
import type { ServerResponse } from 'node:http';

/** What a viewer may leave unread: a whole story is up to some 0.8 MB. With as many viewers as there may be: 200 MB. */
const UNREAD_BYTES_MAX = 2 * 1024 * 1024;
/** How long a browser waits before it comes back. */
const RETRY_MS = 1_000;

/** @param id where a viewer that comes back goes on; undefined: where it was. */
export function eventText(event: string, value: unknown, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(value)}\n\n`;
}

/** Tells a proxy and the browser that the connection lives. */
export const ALIVE = ': alive\n\n';

export class Viewer {
  readonly #response: ServerResponse;

  /** @param headers beside those of the stream. */
  constructor(response: ServerResponse, headers: Readonly<Record<string, string>>) {
    this.#response = response;
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8' });
    response.write(`retry: ${RETRY_MS}\n\n`);
  }

  send(text: string): void {
    if (this.#response.destroyed) return;
    this.#response.write(text);
    if (this.#response.writableLength > UNREAD_BYTES_MAX) this.end();
  }

  /** At once: what it has not read, it asks for again. */
  end(): void {
    this.#response.destroy();
  }
}
