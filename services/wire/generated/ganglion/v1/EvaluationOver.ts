// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Stop measuring, and say nothing.
 */
export interface EvaluationOver {
  /**
   * Of the order.
   */
  'evaluationId'?: (number | string | Long);
}

/**
 * Stop measuring, and say nothing.
 */
export interface EvaluationOver__Output {
  /**
   * Of the order.
   */
  'evaluationId': (number);
}
