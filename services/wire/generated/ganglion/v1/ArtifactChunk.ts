// Original file: proto/ganglion/v1/run.proto


/**
 * A piece of a file, in order.
 */
export interface ArtifactChunk {
  /**
   * At most 1 MiB.
   */
  'data'?: (Buffer | Uint8Array | string);
}

/**
 * A piece of a file, in order.
 */
export interface ArtifactChunk__Output {
  /**
   * At most 1 MiB.
   */
  'data': (Buffer);
}
