// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The worker has stopped at a phase boundary.
 */
export interface Held {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation that Halt named.
   */
  'generation'?: (number | string | Long);
  /**
   * Phases applied in the state that it holds.
   */
  'phase'?: (number | string | Long);
  /**
   * False where it holds no state at all.
   */
  'hasState'?: (boolean);
}

/**
 * The worker has stopped at a phase boundary.
 */
export interface Held__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation that Halt named.
   */
  'generation': (number);
  /**
   * Phases applied in the state that it holds.
   */
  'phase': (number);
  /**
   * False where it holds no state at all.
   */
  'hasState': (boolean);
}
