/** The coordinator's side of the wire: gRPC in, plain values out. Health and reflection come from their libraries. */
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import { GanglionError } from '../errors/ganglionError.ts';
import { packageDefinition } from './definition.ts';
import type { CoordinatorHandlers } from './handlers.ts';
import { CHANNEL_OPTIONS } from './limits.ts';
import { collectiveService, ganglionServices, transferService, workerService } from './services.ts';

export interface WireServer {
  /** HOST:PORT that it listens on. */
  readonly address: string;
  /** Refuses new calls, ends the open ones. */
  close(): Promise<void>;
}

/** Throws `port-in-use` with the port's number. Port 0 takes a free one. */
export async function serve(handlers: CoordinatorHandlers, at: { host: string; port: number }): Promise<WireServer> {
  const server = new Server({
    ...CHANNEL_OPTIONS,
    // Per worker: control, minibatches, reduce, upload, download; per CLI: one or two. 1,024 workers on one connection each.
    'grpc.max_concurrent_streams': 64,
  });
  ganglionServices(handlers, server);
  workerService(handlers, server);
  transferService(handlers, server);
  collectiveService(handlers, server);
  const health = new HealthImplementation({ '': 'SERVING', 'ganglion.v1.RunService': 'SERVING' });
  health.addToServer(server);
  new ReflectionService(packageDefinition).addToServer(server);

  const port = await bind(server, at);
  return {
    address: `${at.host}:${port}`,
    async close() {
      health.setStatus('', 'NOT_SERVING');
      server.forceShutdown();
    },
  };
}

function bind(server: Server, at: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`${at.host}:${at.port}`, ServerCredentials.createInsecure(), (error, port) => {
      if (!error) return resolve(port);
      const taken = /EADDRINUSE/.test(error.message);
      reject(
        new GanglionError({
          code: taken ? 'port-in-use' : 'invalid-argument',
          message: taken
            ? `Port ${at.port} on ${at.host} is already in use.`
            : `Cannot listen on ${at.host}:${at.port}: ${error.message}.`,
          remedy: taken
            ? 'Stop the other program, or choose another port with --port (0 takes a free one).'
            : 'Choose an address of this machine with --host.',
          cause: error,
        }),
      );
    });
  });
}
