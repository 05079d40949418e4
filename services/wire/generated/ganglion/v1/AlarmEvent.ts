// Original file: proto/ganglion/v1/run.proto

import type { Long } from '@grpc/proto-loader';

/**
 * An alarm was raised, or is over.
 */
export interface AlarmEvent {
  /**
   * Its name: see Alarm.
   */
  'name'?: (string);
  /**
   * True where it is raised, false where it is over.
   */
  'active'?: (boolean);
  /**
   * Committed phases when it was seen.
   */
  'phase'?: (number | string | Long);
  /**
   * What was measured.
   */
  'value'?: (number | string);
  /**
   * What it is beyond, or within again.
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
 * An alarm was raised, or is over.
 */
export interface AlarmEvent__Output {
  /**
   * Its name: see Alarm.
   */
  'name': (string);
  /**
   * True where it is raised, false where it is over.
   */
  'active': (boolean);
  /**
   * Committed phases when it was seen.
   */
  'phase': (number);
  /**
   * What was measured.
   */
  'value': (number);
  /**
   * What it is beyond, or within again.
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
