// Original file: proto/ganglion/v1/run.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The checkpoint that is kept as the best.
 */
export interface BestCheckpoint {
  /**
   * Phases applied to it.
   */
  'phase'?: (number | string | Long);
  /**
   * The measure that it is best by.
   */
  'measure'?: (string);
  /**
   * What that was.
   */
  'value'?: (number | string);
}

/**
 * The checkpoint that is kept as the best.
 */
export interface BestCheckpoint__Output {
  /**
   * Phases applied to it.
   */
  'phase': (number);
  /**
   * The measure that it is best by.
   */
  'measure': (string);
  /**
   * What that was.
   */
  'value': (number);
}
