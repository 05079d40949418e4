/**
 * A worker's doors for the other workers, open as long as the worker lives: a TCP port and a Unix socket. Who comes in
 * has proven that it knows the key of the generation that this worker is in.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server as TlsServer } from 'node:tls';
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import { rolesOf } from '../security/role.ts';
import { createTlsServer } from '../security/serverContext.ts';
import type { TlsFolder } from '../security/tlsFolder.ts';
import { joinHostPort, type PeerAddress, thisMachine } from './address.ts';
import { type Generation, turnedAway } from './admission.ts';
import { Doorway } from './doorway.ts';
import { CONNECTIONS_MAX, HANDSHAKES_MAX, HELLO_MS_MAX, UNIX_PATH_BYTES_MAX } from './limits.ts';
import { type MeshDoor, Reception } from './reception.ts';
import type { StateProvider } from './stateServer.ts';

export interface ListenerOptions {
  /** Interface to listen on. */
  readonly host: string;
  /** What peers dial instead of `host`: needed where that is 0.0.0.0 or ::. */
  readonly advertisedHost?: string;
  /** Where the private folder of the Unix socket is made; default: the system's folder for temporary files. */
  readonly unixFolder?: string;
  /** With it the TCP port is for workers with a certificate; the Unix socket's folder is this user's alone anyway. */
  readonly tls?: TlsFolder | undefined;
  /** Told of each connection that was turned away, for the log. */
  readonly refused?: (why: GanglionError) => void;
}

export class PeerListener {
  readonly address: PeerAddress;
  readonly tls: TlsFolder | undefined;
  readonly #servers: readonly Server[];
  readonly #folder: string;
  readonly #refused: (why: GanglionError) => void;
  readonly #reception = new Reception();
  readonly #sockets = new Set<Socket>();
  #handshakes = 0;

  /** Throws `unreachable` where it cannot listen. */
  static async open(options: ListenerOptions): Promise<PeerListener> {
    const { host, advertisedHost = host, unixFolder = tmpdir(), refused = () => undefined, tls } = options;
    const folder = await mkdtemp(join(unixFolder, 'ganglion-')).catch((error) => {
      throw cannotListen(`a socket in ${unixFolder}`, error);
    });
    const path = join(folder, 'peers');
    const tcp = tls
      ? createTlsServer(tls, { noDelay: true, handshakeTimeout: HELLO_MS_MAX })
      : createServer({ noDelay: true });
    const unix = createServer();
    try {
      await listening(tcp, { host, port: 0 });
      const fits = Buffer.byteLength(path) < UNIX_PATH_BYTES_MAX;
      if (fits) await listening(unix, { path });
      const { port } = tcp.address() as AddressInfo;
      const address = { tcp: joinHostPort(advertisedHost, port), unix: fits ? path : '', machine: thisMachine() };
      return new PeerListener(address, fits ? [tcp, unix] : [tcp], folder, refused, tls);
    } catch (error) {
      tcp.close();
      await rm(folder, { recursive: true });
      throw cannotListen(host, error);
    }
  }

  private constructor(
    address: PeerAddress,
    servers: readonly Server[],
    folder: string,
    refused: (why: GanglionError) => void,
    tls: TlsFolder | undefined,
  ) {
    this.address = address;
    this.tls = tls;
    this.#servers = servers;
    this.#folder = folder;
    this.#refused = refused;
    for (const server of servers) {
      server.maxConnections = CONNECTIONS_MAX;
      if (server instanceof TlsServer) this.#demandCertificates(server);
      else server.on('connection', (socket) => this.#connected(socket));
    }
  }

  /** Gives the states that `provider` has to the other members of the generation that this worker is in. */
  serveState(provider: StateProvider): void {
    this.#reception.serveState(provider);
  }

  /**
   * Says which generation this worker is in, before its mesh is opened: from now on its members may fetch states, and
   * those of older ones are turned away. {@link admit}, and so `Mesh.open`, does this, too.
   */
  enter(generation: Generation): void {
    this.#reception.enter(generation);
  }

  /** Lets the members of `generation` in, until the returned function is called. */
  admit(generation: Generation, door: MeshDoor): () => void {
    return this.#reception.admit(generation, door);
  }

  /** Cuts what came in through these doors, and removes the socket's folder. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise((resolve) => server.close(resolve)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
    await rm(this.#folder, { recursive: true, force: true });
  }

  #demandCertificates(server: TlsServer): void {
    // Those that are not through the handshake are cut with the others where this listener closes.
    server.on('connection', (socket) => this.#keep(socket));
    server.on('tlsClientError', (error) => this.#refused(turnedAway('someone', `TLS: ${error.message}`)));
    server.on('secureConnection', (socket) => {
      if (rolesOf(socket.getPeerCertificate()).has('worker')) return this.#connected(socket);
      this.#turnAway(new Doorway(socket), turnedAway('someone', 'its certificate is not a worker’s'));
    });
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #connected(socket: Socket): void {
    this.#keep(socket);
    const doorway = new Doorway(socket);
    if (this.#handshakes >= HANDSHAKES_MAX) {
      doorway.refuse(turnedAway('someone', `${HANDSHAKES_MAX} others are at the door`));
      return;
    }
    this.#handshakes += 1;
    this.#reception
      .receive(doorway)
      .catch((error) => this.#turnAway(doorway, error))
      .finally(() => {
        this.#handshakes -= 1;
      });
  }

  #turnAway(doorway: Doorway, error: unknown): void {
    // Who left, or was too slow, hears nothing any more.
    if (doorway.closed) return;
    const why = error instanceof GanglionError ? error : turnedAway('a worker', describeError(error));
    this.#refused(why);
    doorway.refuse(why);
  }
}

async function listening(server: Server, at: ListenOptions): Promise<void> {
  server.listen(at);
  await once(server, 'listening');
}

function cannotListen(where: string, cause: unknown): GanglionError {
  return new GanglionError({
    code: 'unreachable',
    message: `This worker cannot listen for other workers on ${where}: ${describeError(cause)}.`,
    remedy: 'Give the worker an interface of this machine, and a folder for temporary files that it may write to.',
    cause,
  });
}
