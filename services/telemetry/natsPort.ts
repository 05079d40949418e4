/** NATS behind three methods, so that the outbox can be read without it. */
import { connect, headers, type NatsConnection } from 'nats';
import type { Logger } from 'pino';

export interface ProgressPort {
  publish(subject: string, id: string, payload: string): void;
  /** Resolves when the server has everything that was published; rejects when that is not known in time. */
  flush(timeoutMs: number): Promise<void>;
  isConnected(): boolean;
}

/** Between two dials, with up to as much jitter. */
const RECONNECT_MS = 500;
const PING_MS = 10_000;

/**
 * Dials for ever: the client's own reconnect is endless too, but it throws away what was published meanwhile, so the
 * outbox only publishes when connected and only believes a flush.
 */
export class NatsPort implements ProgressPort {
  readonly #log: Logger;
  #connection: NatsConnection | undefined;
  #connected = false;
  #closed = false;

  constructor(url: string, log: Logger, onConnected: () => void) {
    this.#log = log;
    void this.#dial(url, onConnected);
  }

  isConnected(): boolean {
    return this.#connected;
  }

  publish(subject: string, id: string, payload: string): void {
    const head = headers();
    head.set('Nats-Msg-Id', id);
    this.#connection?.publish(subject, payload, { headers: head });
  }

  async flush(timeoutMs: number): Promise<void> {
    const connection = this.#connection;
    if (!connection || !this.#connected) throw new Error('NATS is not connected');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`NATS did not answer within ${timeoutMs} ms`)), timeoutMs);
    });
    try {
      await Promise.race([connection.flush(), late]);
    } finally {
      clearTimeout(timer);
    }
    // A flush that was cut short by a reconnect may resolve: the answer then came from the new connection.
    if (!this.#connected) throw new Error('NATS went away');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#connection?.close();
  }

  async #dial(url: string, onConnected: () => void): Promise<void> {
    try {
      const connection = await connect({
        servers: url,
        name: 'ganglion-coordinator',
        maxReconnectAttempts: -1,
        waitOnFirstConnect: true,
        reconnectTimeWait: RECONNECT_MS,
        reconnectJitter: RECONNECT_MS,
        pingInterval: PING_MS,
      });
      if (this.#closed) return void (await connection.close());
      this.#connection = connection;
      this.#connected = true;
      this.#log.info({ server: connection.getServer() }, 'NATS connected');
      onConnected();
      for await (const status of connection.status()) {
        if (status.type === 'disconnect') this.#connected = false;
        if (status.type === 'reconnect') {
          this.#connected = true;
          onConnected();
        }
        if (status.type === 'disconnect' || status.type === 'reconnect') this.#log.warn(`NATS ${status.type}`);
      }
    } catch (error) {
      this.#log.error({ err: error }, 'NATS cannot be used: progress stays in the run folder');
    }
  }
}
