/** The pieces that a flat gradient travels in, and the ports that carry them. */

/** One chunk of the partial sum over one complete subtree of the shard tree. */
export interface ReduceChunk {
  readonly phase: number;
  readonly firstShard: number;
  readonly shardCount: number;
  /** Position in the flat gradient, in values. */
  readonly offset: number;
  /** Values in the whole flat gradient of the phase. */
  readonly length: number;
  /** As the wire format says: see `WireCodec`. */
  readonly values: Uint8Array;
}

/** What a member without shards sends instead of a partial sum: it is at this phase, and takes the sum. */
export function readyChunk(phase: number, length: number): ReduceChunk {
  return { phase, firstShard: 0, shardCount: 0, offset: 0, length, values: new Uint8Array() };
}

/** One chunk of the sum over all shards. */
export interface ReducedChunk {
  readonly phase: number;
  readonly offset: number;
  readonly values: Uint8Array;
}

/** A worker's road to whoever adds. */
export interface ReduceStream {
  /** Resolves when the road wants more. Where the road ends before that, its `end` says why. */
  send(chunk: ReduceChunk): Promise<void>;
  cancel(): void;
}

/** Values in a chunk: 1 MiB, where grpc-js was fastest. The last chunk of a gradient may be shorter. */
export const CHUNK_VALUES = 262_144;

/** The bytes of a run of values; shares memory. */
export function bytesOf(values: Float32Array, offset: number, count: number): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset + offset * 4, count * 4);
}

/** Bytes of a message lie anywhere: copied where values may not. */
export function aligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
}

/** Bytes that lie where values may, as values; shares memory. */
export function floatsOf({ buffer, byteOffset, byteLength }: Uint8Array): Float32Array {
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}
