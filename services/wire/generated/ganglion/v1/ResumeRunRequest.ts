// Original file: proto/ganglion/v1/run.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which run.
 */
export interface ResumeRunRequest {
  /**
   * Its id.
   */
  'runId'?: (string);
  /**
   * Phase of the checkpoint to go on from; absent for the newest.
   */
  'fromPhase'?: (number | string | Long);
  '_fromPhase'?: "fromPhase";
}

/**
 * Which run.
 */
export interface ResumeRunRequest__Output {
  /**
   * Its id.
   */
  'runId': (string);
  /**
   * Phase of the checkpoint to go on from; absent for the newest.
   */
  'fromPhase'?: (number);
  '_fromPhase'?: "fromPhase";
}
