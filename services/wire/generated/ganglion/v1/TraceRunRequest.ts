// Original file: proto/ganglion/v1/run.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which phases of which run.
 */
export interface TraceRunRequest {
  /**
   * Its id.
   */
  'runId'?: (string);
  /**
   * The first phase, counted from 0; absent for the next that all workers can record whole.
   */
  'firstPhase'?: (number | string | Long);
  /**
   * How many phases.
   */
  'phaseCount'?: (number | string | Long);
  '_firstPhase'?: "firstPhase";
}

/**
 * Which phases of which run.
 */
export interface TraceRunRequest__Output {
  /**
   * Its id.
   */
  'runId': (string);
  /**
   * The first phase, counted from 0; absent for the next that all workers can record whole.
   */
  'firstPhase'?: (number);
  /**
   * How many phases.
   */
  'phaseCount': (number);
  '_firstPhase'?: "firstPhase";
}
