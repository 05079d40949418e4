// Original file: proto/ganglion/v1/worker.proto


/**
 * A piece of a state, in order: every tensor in the canonical order, float32 little-endian.
 */
export interface StateChunk {
  /**
   * At most 1 MiB.
   */
  'data'?: (Buffer | Uint8Array | string);
  /**
   * SHA-256 of the whole state in hex, on the last chunk only.
   */
  'sha256'?: (string);
}

/**
 * A piece of a state, in order: every tensor in the canonical order, float32 little-endian.
 */
export interface StateChunk__Output {
  /**
   * At most 1 MiB.
   */
  'data': (Buffer);
  /**
   * SHA-256 of the whole state in hex, on the last chunk only.
   */
  'sha256': (string);
}
