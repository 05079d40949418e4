// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which state.
 */
export interface DownloadStateRequest {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation whose assignment asked for it.
   */
  'generation'?: (number | string | Long);
  /**
   * Phases applied in it.
   */
  'phase'?: (number | string | Long);
  /**
   * The EvaluationOrder that asked for it, whatever generation trains meanwhile; 0: an assignment did.
   */
  'evaluationId'?: (number | string | Long);
}

/**
 * Which state.
 */
export interface DownloadStateRequest__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation whose assignment asked for it.
   */
  'generation': (number);
  /**
   * Phases applied in it.
   */
  'phase': (number);
  /**
   * The EvaluationOrder that asked for it, whatever generation trains meanwhile; 0: an assignment did.
   */
  'evaluationId': (number);
}
