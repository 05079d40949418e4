// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A piece of a state to store, in order. The first message names it.
 */
export interface UploadStateRequest {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation.
   */
  'generation'?: (number | string | Long);
  /**
   * Phases applied in it.
   */
  'phase'?: (number | string | Long);
  /**
   * Who sends it.
   */
  'workerId'?: (string);
  /**
   * At most 1 MiB.
   */
  'data'?: (Buffer | Uint8Array | string);
  /**
   * SHA-256 of the whole state in hex, on the last message only.
   */
  'sha256'?: (string);
}

/**
 * A piece of a state to store, in order. The first message names it.
 */
export interface UploadStateRequest__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation.
   */
  'generation': (number);
  /**
   * Phases applied in it.
   */
  'phase': (number);
  /**
   * Who sends it.
   */
  'workerId': (string);
  /**
   * At most 1 MiB.
   */
  'data': (Buffer);
  /**
   * SHA-256 of the whole state in hex, on the last message only.
   */
  'sha256': (string);
}
