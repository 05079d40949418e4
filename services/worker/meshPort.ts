/** Opens the connections between the workers of a generation: real sockets, or a simulated network. */
import type { PeerRoad } from '../collective/peerRoad.ts';
import type { PeerAddress } from '../mesh/address.ts';

export interface MeshRequest {
  readonly runId: string;
  readonly generation: number;
  /** Secret of the generation. */
  readonly key: string;
  readonly self: { readonly workerId: string; readonly rank: number };
  readonly peers: readonly { readonly workerId: string; readonly rank: number; readonly address: PeerAddress }[];
}

/** Throws `unreachable` naming the peer, and the signal's reason where that aborts. */
export type MeshOpener = (request: MeshRequest, signal: AbortSignal) => Promise<PeerRoad>;
