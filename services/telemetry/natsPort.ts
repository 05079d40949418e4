/** NATS behind three methods, so that the outbox can be read and tested without it. */
import { type ConnectionOptions, connect, Events, headers, type NatsConnection, tokenAuthenticator } from 'nats';
import type { Logger } from './log.ts';
import { authenticators, type NatsAccess, needsTls } from './natsAccess.ts';

export interface ProgressPort {
  /** Hands a message to the client. False where it is longer than the server ever takes. */
  publish(subject: string, id: string, payload: string): boolean;
  /** Resolves when the server has everything that was published; rejects when that is not known in time. */
  flush(timeoutMs: number): Promise<void>;
  status(): 'connected' | 'disconnected';
}

export interface ClosablePort extends ProgressPort {
  close(): Promise<void>;
}

export interface NatsOptions {
  /** `nats://HOST:PORT`, or several. */
  readonly servers: string | readonly string[];
  readonly token?: string;
  readonly access?: NatsAccess | undefined;
}

/** Between two dials, with up to as much jitter. */
const DIAL_AGAIN_MS = 500;
const DIAL_MS_MAX = 5_000;
/** Two pings without an answer end a connection. */
const PING_MS = 10_000;
/** Room for the header with the message's id, which counts as payload. */
const HEADER_BYTES_MAX = 1_024;

/**
 * Dials for ever. The client's `waitOnFirstConnect` does so too, but it cannot be stopped: a coordinator whose NATS server
 * is away could not end. So the first dial is repeated here; later ones are the client's own, as endless.
 */
export class NatsPort implements ClosablePort {
  readonly #options: ConnectionOptions;
  readonly #log: Logger;
  readonly #onConnected: () => void;
  readonly #stop = new AbortController();
  #connection: NatsConnection | undefined;
  #isConnected = false;
  #lastObstacle = '';

  /** `onConnected` is called at every connection, the first and those after an outage. */
  constructor(options: NatsOptions, log: Logger, onConnected: () => void) {
    this.#options = connectionOptions(options);
    this.#log = log;
    this.#onConnected = onConnected;
    void this.#dialForEver();
  }

  status(): 'connected' | 'disconnected' {
    return this.#isConnected ? 'connected' : 'disconnected';
  }

  publish(subject: string, id: string, payload: string): boolean {
    const connection = this.#connection;
    if (!connection || !this.#isConnected) throw new Error('NATS is not connected');
    const bytesMax = (connection.info?.max_payload ?? Number.POSITIVE_INFINITY) - HEADER_BYTES_MAX;
    if (Buffer.byteLength(payload) > bytesMax) return false;
    const head = headers();
    head.set('Nats-Msg-Id', id);
    connection.publish(subject, payload, { headers: head });
    return true;
  }

  async flush(timeoutMs: number): Promise<void> {
    const connection = this.#connection;
    if (!connection || !this.#isConnected) throw new Error('NATS is not connected');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`NATS did not answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      // A disconnection rejects it: the client forgets its pings, and what was published, at the next dial.
      await Promise.race([connection.flush(), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#isConnected = false;
    await this.#connection?.close();
  }

  async #dialForEver(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const connection = await connect(this.#options);
        if (signal.aborted) return await connection.close();
        await this.#use(connection);
      } catch (error) {
        this.#obstacle((error as Error).message);
      }
      await pause(DIAL_AGAIN_MS * (1 + Math.random()), signal);
    }
  }

  /** Until the connection is closed for good. */
  async #use(connection: NatsConnection): Promise<void> {
    this.#connection = connection;
    this.#connected(connection);
    for await (const { type, data } of connection.status()) {
      if (type === Events.Disconnect) {
        this.#isConnected = false;
        this.#log.warn('NATS is away: state events wait in the run folders');
      } else if (type === Events.Reconnect) this.#connected(connection);
      else if (type === Events.Error) this.#obstacle(String(data));
    }
    this.#isConnected = false;
  }

  #connected(connection: NatsConnection): void {
    this.#isConnected = true;
    this.#lastObstacle = '';
    this.#log.info({ server: connection.getServer() }, 'NATS is connected');
    this.#onConnected();
  }

  /** Said once, not at every dial. */
  #obstacle(why: string): void {
    if (why === this.#lastObstacle) return;
    this.#lastObstacle = why;
    this.#log.warn({ why }, 'NATS cannot be used for now: state events wait in the run folders');
  }
}

/** Credentials and patience, for all that dials NATS. */
export function connectionOptions({ servers, token, access }: NatsOptions): ConnectionOptions {
  const authenticator = access ? authenticators(access) : [];
  if (token !== undefined) authenticator.push(tokenAuthenticator(token));
  return {
    servers: typeof servers === 'string' ? servers : [...servers],
    name: 'ganglion-coordinator',
    authenticator,
    // Named, it is demanded: without it the client would take a server that says that it has no TLS.
    ...(access && needsTls(servers, access) && { tls: access.caFile === undefined ? {} : { caFile: access.caFile } }),
    maxReconnectAttempts: -1,
    // A token that is refused today may be good tomorrow.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: DIAL_AGAIN_MS,
    reconnectJitter: DIAL_AGAIN_MS,
    timeout: DIAL_MS_MAX,
    pingInterval: PING_MS,
  };
}

/** Cut short by the signal. */
function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, durationMs);
    signal.addEventListener('abort', end, { once: true });
    function end(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    }
  });
}
