// Original file: proto/ganglion/v1/collective.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One chunk of the sum over all shards.
 */
export interface ReduceReply {
  /**
   * The phase.
   */
  'phase'?: (number | string | Long);
  /**
   * Position of the chunk in the flat gradient, in values.
   */
  'offset'?: (number | string | Long);
  /**
   * float32 little-endian; at most 1 MiB.
   */
  'values'?: (Buffer | Uint8Array | string);
  /**
   * CRC-32 of `values`.
   */
  'crc32'?: (number);
}

/**
 * One chunk of the sum over all shards.
 */
export interface ReduceReply__Output {
  /**
   * The phase.
   */
  'phase': (number);
  /**
   * Position of the chunk in the flat gradient, in values.
   */
  'offset': (number);
  /**
   * float32 little-endian; at most 1 MiB.
   */
  'values': (Buffer);
  /**
   * CRC-32 of `values`.
   */
  'crc32': (number);
}
