// Original file: proto/ganglion/v1/run.proto

import type { Measure as _ganglion_v1_Measure, Measure__Output as _ganglion_v1_Measure__Output } from '../../ganglion/v1/Measure.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * How near the samples of a checkpoint come to the data.
 */
export interface Evaluation {
  /**
   * Phases applied to what was evaluated.
   */
  'phase'?: (number | string | Long);
  /**
   * What G's weights were: ema (their moving average) or live.
   */
  'of'?: (string);
  /**
   * What was found.
   */
  'measures'?: (_ganglion_v1_Measure)[];
}

/**
 * How near the samples of a checkpoint come to the data.
 */
export interface Evaluation__Output {
  /**
   * Phases applied to what was evaluated.
   */
  'phase': (number);
  /**
   * What G's weights were: ema (their moving average) or live.
   */
  'of': (string);
  /**
   * What was found.
   */
  'measures': (_ganglion_v1_Measure__Output)[];
}
