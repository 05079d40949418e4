/** Where a worker can be reached by the other workers of its generation, and which of its two doors one takes. */
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';

export interface PeerAddress {
  /** HOST:PORT; an IPv6 host in brackets. */
  readonly tcp: string;
  /** Path of a Unix socket; empty where there is none. */
  readonly unix: string;
  /** Equal for two workers on one kernel. They may still see different files: see {@link roadTo}. */
  readonly machine: string;
}

export type Road =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number };

/**
 * The Unix socket where both run on one kernel and this side sees the other's socket file: containers of one machine
 * share the kernel but not the files, and the file's folder has a random name. TCP otherwise.
 */
export function roadTo(peer: PeerAddress, machine: string): Road {
  if (isNeighbour(peer, machine)) return { kind: 'unix', path: peer.unix };
  const colon = peer.tcp.lastIndexOf(':');
  const host = peer.tcp.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { kind: 'tcp', host, port: Number(peer.tcp.slice(colon + 1)) };
}

function isNeighbour({ unix, machine }: PeerAddress, here: string): boolean {
  return unix !== '' && machine === here && existsSync(unix);
}

/** The place of `rank` among those of these workers that run beside it: one kernel, and the same files. */
export function placeAmongNeighbours(peers: readonly PeerAddress[], rank: number): { index: number; count: number } {
  const here = peers[rank]?.machine ?? '';
  const ranks = [...peers.keys()].filter((other) => other === rank || isNeighbour(peers[other] as PeerAddress, here));
  return { index: ranks.indexOf(rank), count: ranks.length };
}

export function describeRoad(road: Road): string {
  return road.kind === 'unix' ? `the Unix socket ${road.path}` : `TCP ${joinHostPort(road.host, road.port)}`;
}

export function joinHostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Names the running kernel: Linux gives every boot a random id; elsewhere the host name must do. */
export function thisMachine(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // No such file but on Linux. A wrong guess costs nothing: the socket file would not be there.
    return hostname();
  }
}
