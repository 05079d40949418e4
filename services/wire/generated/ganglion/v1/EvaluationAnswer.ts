// Original file: proto/ganglion/v1/worker.proto

import type { Measure as _ganglion_v1_Measure, Measure__Output as _ganglion_v1_Measure__Output } from '../../ganglion/v1/Measure.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What was measured, or why nothing was.
 */
export interface EvaluationAnswer {
  /**
   * Of the order.
   */
  'evaluationId'?: (number | string | Long);
  /**
   * What G's weights were: ema (their moving average) or live.
   */
  'of'?: (string);
  /**
   * Of every metric of the order.
   */
  'measures'?: (_ganglion_v1_Measure)[];
  /**
   * SHA-256 in hex of G's and D's weights in the checkpoint that was measured.
   */
  'weightsSha256'?: (string);
  /**
   * Why nothing was measured; empty where it was.
   */
  'why'?: (string);
}

/**
 * What was measured, or why nothing was.
 */
export interface EvaluationAnswer__Output {
  /**
   * Of the order.
   */
  'evaluationId': (number);
  /**
   * What G's weights were: ema (their moving average) or live.
   */
  'of': (string);
  /**
   * Of every metric of the order.
   */
  'measures': (_ganglion_v1_Measure__Output)[];
  /**
   * SHA-256 in hex of G's and D's weights in the checkpoint that was measured.
   */
  'weightsSha256': (string);
  /**
   * Why nothing was measured; empty where it was.
   */
  'why': (string);
}
