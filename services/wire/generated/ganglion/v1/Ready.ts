// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The state is loaded.
 */
export interface Ready {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation.
   */
  'generation'?: (number | string | Long);
  /**
   * Phases applied in the loaded state.
   */
  'phase'?: (number | string | Long);
}

/**
 * The state is loaded.
 */
export interface Ready__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation.
   */
  'generation': (number);
  /**
   * Phases applied in the loaded state.
   */
  'phase': (number);
}
