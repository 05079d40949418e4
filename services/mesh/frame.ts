/** What travels between two workers once they know each other: frames of values, and the ports that take them. */
import type { GanglionError } from '../errors/ganglionError.ts';

/**
 * `partial`: the sum over one complete subtree of the shard tree, on its way to the owner of a slice.
 * `sum`: the sum over all shards, on its way back. `state`: a piece of a replica's state.
 */
export type FrameKind = 'partial' | 'sum' | 'state';

export interface FrameHead {
  readonly kind: FrameKind;
  readonly phase: number;
  /** The subtree: the whole tree in a sum; 0 and 0 in a state. */
  readonly firstShard: number;
  readonly shardCount: number;
  /** Position in the flat gradient, in values; in a state in bytes. */
  readonly offset: number;
  /** Of the whole flat gradient, in values; of the state in bytes. */
  readonly length: number;
  readonly payloadBytes: number;
}

export type Frame = Omit<FrameHead, 'payloadBytes'> & {
  readonly payload: Uint8Array;
  /** On purpose (`ganglion chaos`): as if a byte had changed on the way after the checksum was made. */
  readonly damaged?: boolean;
};

/** Takes the frames of every peer. What it throws ends the connection to that peer, as the reason. */
export interface FrameListener {
  /**
   * Where the payload shall be written: `payloadBytes` long. A promise stops the reading from this peer until it
   * settles.
   */
  place(rank: number, head: FrameHead): Uint8Array | Promise<Uint8Array>;
  /** The payload is where it was wanted, and its checksum holds. */
  arrived(rank: number, head: FrameHead, payload: Uint8Array): void;
}

export type EndListener = (rank: number, why: GanglionError) => void;
