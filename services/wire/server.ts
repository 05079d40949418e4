/** The coordinator's side of the wire: gRPC in, plain values out. Health and reflection come from their libraries. */
import type { Duplex } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { experimental, Server, ServerCredentials } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import type { Caller } from '../security/caller.ts';
import type { TlsFolder } from '../security/tlsFolder.ts';
import type { TokenRoles } from '../security/tokens.ts';
import type { WatchedFiles } from '../security/watchedFiles.ts';
import { packageDefinition } from './definition.ts';
import { Doors } from './doors.ts';
import { gatekeeper } from './gatekeeper.ts';
import { answerNoGoneStream } from './goneStreams.ts';
import type { CoordinatorHandlers } from './handlers.ts';
import { GOODBYE_MS_MAX, SERVER_OPTIONS } from './limits.ts';
import { OpenCalls } from './openCalls.ts';
import { collectiveService, ganglionServices, transferService, workerService } from './services.ts';
import { spokenProtocol } from './spokenProtocol.ts';

export interface WireServer {
  /** HOST:PORT that it listens on. */
  readonly address: string;
  /** Refuses new calls, ends the open ones. */
  close(): Promise<void>;
}

/** How callers are known. With neither everybody may do everything: for loopback, and for `--insecure`. */
export interface Access {
  readonly tls?: TlsFolder | undefined;
  readonly tokens?: WatchedFiles<TokenRoles> | undefined;
}

/** Throws `port-in-use` with the port's number. Port 0 takes a free one. */
export async function serve(
  handlers: CoordinatorHandlers,
  at: { host: string; port: number },
  { tls, tokens }: Access = {},
): Promise<WireServer> {
  const server = new Server(SERVER_OPTIONS);
  answerNoGoneStream(server);
  ganglionServices(handlers, server);
  workerService(handlers, server);
  transferService(handlers, server);
  collectiveService(handlers, server);
  const health = new HealthImplementation({ '': 'SERVING', 'ganglion.v1.RunService': 'SERVING' });
  health.addToServer(server);
  new ReflectionService(packageDefinition).addToServer(server);

  const calls = new OpenCalls();
  const enter = (connection: Duplex, caller: Caller) => {
    const open = ServerCredentials.createInsecure();
    // A connection's calls are judged as its caller's: so each has credentials, and an entrance, of its own.
    const judged = tls || tokens ? [gatekeeper(caller, () => tokens?.current)] : [];
    const entrance = server.createConnectionInjector(
      experimental.createServerCredentialsWithInterceptors(open, [calls.interceptor, ...judged, spokenProtocol]),
    );
    connection.once('close', () => entrance.destroy());
    entrance.injectConnection(connection);
  };
  // grpc-js bounds no connections and says of no certificate why it is not good: it gets connections that stand already.
  const doors = await Doors.open(at, tls, enter);
  return {
    address: `${at.host}:${doors.port}`,
    async close() {
      health.setStatus('', 'NOT_SERVING');
      calls.endAll();
      const left = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      await Promise.race([left, setTimeout(GOODBYE_MS_MAX, undefined, { ref: false })]);
      server.forceShutdown();
      await doors.close();
      tls?.close();
      tokens?.close();
    },
  };
}
