// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The rows of one phase for one worker: its shards' samples, in the order of the shards. At most 1 MiB a message.
 */
export interface MinibatchChunk {
  /**
   * The phase that they are for.
   */
  'phase'?: (number | string | Long);
  /**
   * Samples, one byte a value.
   */
  'samples'?: (Buffer | Uint8Array | string);
  /**
   * True on the last chunk of the phase.
   */
  'last'?: (boolean);
  /**
   * CRC-32 of `samples`.
   */
  'crc32'?: (number);
}

/**
 * The rows of one phase for one worker: its shards' samples, in the order of the shards. At most 1 MiB a message.
 */
export interface MinibatchChunk__Output {
  /**
   * The phase that they are for.
   */
  'phase': (number);
  /**
   * Samples, one byte a value.
   */
  'samples': (Buffer);
  /**
   * True on the last chunk of the phase.
   */
  'last': (boolean);
  /**
   * CRC-32 of `samples`.
   */
  'crc32': (number);
}
