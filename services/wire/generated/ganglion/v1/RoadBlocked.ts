// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The direct road to another member is closed.
 */
export interface RoadBlocked {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation.
   */
  'generation'?: (number | string | Long);
  /**
   * Phases applied in the state that it holds.
   */
  'phase'?: (number | string | Long);
  /**
   * The member that cannot be reached.
   */
  'peerId'?: (string);
  /**
   * What was tried, and what was found.
   */
  'message'?: (string);
  /**
   * True where bytes were changed on the way: the same road may be taken again.
   */
  'transient'?: (boolean);
}

/**
 * The direct road to another member is closed.
 */
export interface RoadBlocked__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation.
   */
  'generation': (number);
  /**
   * Phases applied in the state that it holds.
   */
  'phase': (number);
  /**
   * The member that cannot be reached.
   */
  'peerId': (string);
  /**
   * What was tried, and what was found.
   */
  'message': (string);
  /**
   * True where bytes were changed on the way: the same road may be taken again.
   */
  'transient': (boolean);
}
