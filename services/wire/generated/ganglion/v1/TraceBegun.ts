// Original file: proto/ganglion/v1/run.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What is recorded.
 */
export interface TraceBegun {
  /**
   * The first phase, counted from 0.
   */
  'firstPhase'?: (number | string | Long);
  /**
   * How many.
   */
  'phaseCount'?: (number | string | Long);
  /**
   * Committed phases of the run when it was asked.
   */
  'phase'?: (number | string | Long);
  /**
   * Who was asked to record.
   */
  'workerIds'?: (string)[];
}

/**
 * What is recorded.
 */
export interface TraceBegun__Output {
  /**
   * The first phase, counted from 0.
   */
  'firstPhase': (number);
  /**
   * How many.
   */
  'phaseCount': (number);
  /**
   * Committed phases of the run when it was asked.
   */
  'phase': (number);
  /**
   * Who was asked to record.
   */
  'workerIds': (string)[];
}
