// Original file: proto/ganglion/v1/run.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A sign of illness that is there now.
 */
export interface Alarm {
  /**
   * Its name, which is its field of `alarms` in the run config: discriminatorSaturation, generatorGradient,
   * lossDivergence, modeCollapse, emaGap or nonFinite.
   */
  'name'?: (string);
  /**
   * Committed phases when it was seen.
   */
  'phase'?: (number | string | Long);
  /**
   * What was measured.
   */
  'value'?: (number | string);
  /**
   * What it is beyond.
   */
  'threshold'?: (number | string);
  /**
   * What was seen, in a sentence.
   */
  'message'?: (string);
  /**
   * What people usually do about it.
   */
  'advice'?: (string);
}

/**
 * A sign of illness that is there now.
 */
export interface Alarm__Output {
  /**
   * Its name, which is its field of `alarms` in the run config: discriminatorSaturation, generatorGradient,
   * lossDivergence, modeCollapse, emaGap or nonFinite.
   */
  'name': (string);
  /**
   * Committed phases when it was seen.
   */
  'phase': (number);
  /**
   * What was measured.
   */
  'value': (number);
  /**
   * What it is beyond.
   */
  'threshold': (number);
  /**
   * What was seen, in a sentence.
   */
  'message': (string);
  /**
   * What people usually do about it.
   */
  'advice': (string);
}
