/** The real nats-server for a test, and a reader of what comes there. */
import { connect, type NatsConnection } from 'nats';
import { onTestFinished } from 'vitest';
import { type OwnNatsOptions, type OwnNatsServer, startNatsServer } from '../../services/telemetry/natsServer.ts';

/** Fails, and never skips, where there is none. */
export async function realNatsServer(options: OwnNatsOptions = {}): Promise<OwnNatsServer> {
  const server = await startNatsServer(options);
  if (!server) {
    throw new Error(`No nats-server found. Run: apt-get update && apt-get install -y nats-server`);
  }
  onTestFinished(() => server.stop('SIGKILL'));
  return server;
}

export interface Received {
  readonly subject: string;
  readonly id: string;
  readonly sequence: number;
}

/** Reads all runs' subjects, and dials again for ever. */
export async function readAll(url: string, token?: string): Promise<{ received: Received[]; client: NatsConnection }> {
  const client = await connect({
    servers: url,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 20,
    reconnectJitter: 5,
    ...(token === undefined ? {} : { token }),
  });
  onTestFinished(() => client.close());
  const received: Received[] = [];
  client.subscribe('ganglion.v1.runs.>', {
    callback: (_, message) => {
      const { sequence } = message.json<{ sequence: number }>();
      received.push({ subject: message.subject, id: message.headers?.get('Nats-Msg-Id') ?? '', sequence });
    },
  });
  await client.flush();
  return { received, client };
}
