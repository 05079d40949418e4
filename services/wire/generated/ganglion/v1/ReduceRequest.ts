// Original file: proto/ganglion/v1/collective.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A partial sum: one chunk of one complete subtree.
 */
export interface ReduceRequest {
  /**
   * The run; on the first message only.
   */
  'runId'?: (string);
  /**
   * The generation; on the first message only.
   */
  'generation'?: (number | string | Long);
  /**
   * Who sends; on the first message only.
   */
  'workerId'?: (string);
  /**
   * The phase.
   */
  'phase'?: (number | string | Long);
  /**
   * First shard of the subtree.
   */
  'firstShard'?: (number);
  /**
   * Shards under the subtree.
   */
  'shardCount'?: (number);
  /**
   * Position of the chunk in the flat gradient, in values.
   */
  'offset'?: (number | string | Long);
  /**
   * Values in the whole flat gradient of this phase.
   */
  'length'?: (number | string | Long);
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
 * A partial sum: one chunk of one complete subtree.
 */
export interface ReduceRequest__Output {
  /**
   * The run; on the first message only.
   */
  'runId': (string);
  /**
   * The generation; on the first message only.
   */
  'generation': (number);
  /**
   * Who sends; on the first message only.
   */
  'workerId': (string);
  /**
   * The phase.
   */
  'phase': (number);
  /**
   * First shard of the subtree.
   */
  'firstShard': (number);
  /**
   * Shards under the subtree.
   */
  'shardCount': (number);
  /**
   * Position of the chunk in the flat gradient, in values.
   */
  'offset': (number);
  /**
   * Values in the whole flat gradient of this phase.
   */
  'length': (number);
  /**
   * float32 little-endian; at most 1 MiB.
   */
  'values': (Buffer);
  /**
   * CRC-32 of `values`.
   */
  'crc32': (number);
}
