/** Connects a worker with all its peers, or says which of them it could not be connected with, and why. */
import { must } from '../errors/invariant.ts';
import { type PeerAddress, type Road, roadTo } from './address.ts';
import type { Generation } from './admission.ts';
import { Deadline } from './deadline.ts';
import { type Dialled, dial, unreachable } from './dial.ts';
import { type Hello, nonce } from './handshakeMessage.ts';
import { MESH_VERSION } from './limits.ts';
import type { PeerListener } from './listener.ts';
import type { PeerLink } from './peerLink.ts';

export interface MeshPeer {
  readonly workerId: string;
  readonly rank: number;
  readonly address: PeerAddress;
}

export interface MeshOptions extends Generation {
  readonly listener: PeerListener;
  readonly self: { readonly workerId: string; readonly rank: number };
  /** The other members. */
  readonly peers: readonly MeshPeer[];
  /** For all connections to stand. */
  readonly connectMs: number;
  readonly signal: AbortSignal;
}

/**
 * Each of a pair dials the other, since each receives on the connection that it dialled. Resolves when all `links` have
 * both; the function that it gives ends the membership. Closes what it opened where it rejects.
 */
export async function connectAll(links: ReadonlyMap<number, PeerLink>, options: MeshOptions): Promise<() => void> {
  const { listener, self, peers, connectMs, signal } = options;
  signal.throwIfAborted();
  const deadline = new Deadline(signal, connectMs);
  const present = new Set<number>();
  const road = (peer: MeshPeer) => roadTo(peer.address, listener.address.machine);
  let leave: () => void = () => undefined;
  try {
    const everyoneIn = new Promise<void>((resolve) => {
      leave = listener.admit(options, {
        workerId: self.workerId,
        rankOf: new Map(peers.map(({ workerId, rank }) => [workerId, rank])),
        present,
        accept: (rank, socket, key) => {
          // Two handshakes of one peer may end in the same turn.
          if (present.has(rank)) {
            socket.destroy();
            return;
          }
          present.add(rank);
          must(links.get(rank), 'link').accepted(socket, key);
          if (present.size === peers.length) resolve();
        },
      });
      if (peers.length === 0) resolve();
    });
    const broken = new Promise<never>((_, reject) => {
      for (const peer of peers) {
        must(links.get(peer.rank), 'link').onEnd((why) =>
          reject(unreachable(`worker ${peer.workerId}`, road(peer), why)),
        );
      }
      deadline.signal.addEventListener('abort', () => {
        const [missing] = peers.filter(({ rank }) => !present.has(rank));
        // A dial that is under way says by itself that it was stopped.
        if (signal.aborted) reject(signal.reason);
        else if (missing) reject(unreachable(`worker ${missing.workerId}`, road(missing), silence(connectMs)));
      });
    });
    const dials = peers.map(async (peer) => {
      const dialled = await dialPeer(peer, road(peer), options, deadline.signal).catch((error) => {
        if (signal.aborted) throw signal.reason;
        throw unreachable(`worker ${peer.workerId}`, road(peer), deadline.passed ? silence(connectMs) : error);
      });
      must(links.get(peer.rank), 'link').dialled(dialled);
    });
    await Promise.race([Promise.all([everyoneIn, ...dials]), broken]);
    return leave;
  } catch (error) {
    leave();
    for (const link of links.values()) link.close();
    throw error;
  } finally {
    deadline.end();
  }
}

function dialPeer(peer: MeshPeer, road: Road, options: MeshOptions, stop: AbortSignal): Promise<Dialled> {
  const { runId, generation, key, self, connectMs, listener } = options;
  const hello: Hello = {
    type: 'hello',
    version: MESH_VERSION,
    purpose: 'gradient',
    runId,
    generation,
    workerId: self.workerId,
    rank: self.rank,
    to: peer.workerId,
    nonce: nonce(),
    waitMs: connectMs,
  };
  return dial(road, hello, key, stop, listener.tls);
}

function silence(connectMs: number): Error {
  return new Error(`it did not answer and dial back within ${connectMs} ms`);
}
