// Original file: proto/ganglion/v1/run.proto

import type { Measure as _ganglion_v1_Measure, Measure__Output as _ganglion_v1_Measure__Output } from '../../ganglion/v1/Measure.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A checkpoint was evaluated, or could not be.
 */
export interface EvaluationEvent {
  /**
   * Committed phases of the checkpoint.
   */
  'phase'?: (number | string | Long);
  /**
   * What G's weights were: ema (their moving average) or live.
   */
  'of'?: (string);
  /**
   * What was found; empty where the evaluation failed.
   */
  'measures'?: (_ganglion_v1_Measure)[];
  /**
   * The sentence that tells what was found, or why nothing was.
   */
  'why'?: (string);
}

/**
 * A checkpoint was evaluated, or could not be.
 */
export interface EvaluationEvent__Output {
  /**
   * Committed phases of the checkpoint.
   */
  'phase': (number);
  /**
   * What G's weights were: ema (their moving average) or live.
   */
  'of': (string);
  /**
   * What was found; empty where the evaluation failed.
   */
  'measures': (_ganglion_v1_Measure__Output)[];
  /**
   * The sentence that tells what was found, or why nothing was.
   */
  'why': (string);
}
