// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Pictures from the fixed latents of the run.
 */
export interface Snapshot {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation.
   */
  'generation'?: (number | string | Long);
  /**
   * Phases applied when they were made.
   */
  'phase'?: (number | string | Long);
  /**
   * One image after the other, one byte a pixel and channel.
   */
  'pixels'?: (Buffer | Uint8Array | string);
}

/**
 * Pictures from the fixed latents of the run.
 */
export interface Snapshot__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation.
   */
  'generation': (number);
  /**
   * Phases applied when they were made.
   */
  'phase': (number);
  /**
   * One image after the other, one byte a pixel and channel.
   */
  'pixels': (Buffer);
}
