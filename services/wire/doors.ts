/** The coordinator's port: bounded connections, TLS where it is configured, and who is at the other end of each. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { GanglionError } from '../errors/ganglionError.ts';
import { type Caller, callerOf, STRANGER } from '../security/caller.ts';
import { createTlsServer } from '../security/serverContext.ts';
import type { TlsFolder } from '../security/tlsFolder.ts';
import { CONNECTIONS_MAX, TLS_HANDSHAKE_MS_MAX } from './limits.ts';
import { SocketStream } from './socketStream.ts';

export class Doors {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  /** `enter` gets each connection when it stands, and who is at its other end. Throws `port-in-use` or `invalid-argument`. */
  static async open(
    at: { host: string; port: number },
    tls: TlsFolder | undefined,
    enter: (connection: Duplex, caller: Caller) => void,
  ): Promise<Doors> {
    // A chain that does not verify is let in as far as the gatekeeper, which says why it gets no further.
    const options = { ALPNProtocols: ['h2'], rejectUnauthorized: false, handshakeTimeout: TLS_HANDSHAKE_MS_MAX };
    const server = tls ? createTlsServer(tls, { ...options, noDelay: true }) : createServer({ noDelay: true });
    server.maxConnections = CONNECTIONS_MAX;
    const listening = once(server, 'listening');
    server.listen(at.port, at.host);
    await listening.catch((error) => {
      throw cannotListen(at, error);
    });
    return new Doors(server, tls !== undefined, enter);
  }

  private constructor(server: Server, secure: boolean, enter: (connection: Duplex, caller: Caller) => void) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket: Socket) => {
      this.#keep(socket);
      if (!secure) enter(new SocketStream(socket), STRANGER);
    });
    server.on('secureConnection', (socket: TLSSocket) => enter(new SocketStream(socket), callerBehind(socket)));
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    // A connection that breaks is its session's to notice; one without a session is nobody's.
    socket.on('error', () => undefined);
  }
}

function callerBehind(socket: TLSSocket): Caller {
  const { authorizationError } = socket;
  // Node gives the code alone here, whatever its types say.
  return callerOf(socket.getPeerCertificate(), authorizationError ? String(authorizationError) : undefined);
}

function cannotListen(at: { host: string; port: number }, error: NodeJS.ErrnoException): GanglionError {
  const taken = error.code === 'EADDRINUSE';
  return new GanglionError({
    code: taken ? 'port-in-use' : 'invalid-argument',
    message: taken
      ? `Port ${at.port} on ${at.host} is already in use.`
      : `Cannot listen on ${at.host}:${at.port}: ${error.message}.`,
    remedy: taken
      ? 'Stop the other program, or choose another port with --port (0 takes a free one).'
      : 'Choose an address of this machine with --host.',
    cause: error,
  });
}
