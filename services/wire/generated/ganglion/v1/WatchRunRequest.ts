// Original file: proto/ganglion/v1/run.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which run, and from where.
 */
export interface WatchRunRequest {
  /**
   * Its id.
   */
  'runId'?: (string);
  /**
   * The first sequence number wanted; 0 for everything that is kept.
   */
  'fromSequence'?: (number | string | Long);
}

/**
 * Which run, and from where.
 */
export interface WatchRunRequest__Output {
  /**
   * Its id.
   */
  'runId': (string);
  /**
   * The first sequence number wanted; 0 for everything that is kept.
   */
  'fromSequence': (number);
}
