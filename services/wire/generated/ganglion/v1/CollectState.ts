// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Upload the state that you hold.
 */
export interface CollectState {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation.
   */
  'generation'?: (number | string | Long);
}

/**
 * Upload the state that you hold.
 */
export interface CollectState__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation.
   */
  'generation': (number);
}
