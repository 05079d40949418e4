// Original file: proto/ganglion/v1/run.proto

import type { Span as _ganglion_v1_Span, Span__Output as _ganglion_v1_Span__Output } from '../../ganglion/v1/Span.ts';

/**
 * What a process did, on its own clock.
 */
export interface RecordedSpans {
  /**
   * Which: 0 is the coordinator.
   */
  'process'?: (number);
  /**
   * In the order in which they ended.
   */
  'spans'?: (_ganglion_v1_Span)[];
}

/**
 * What a process did, on its own clock.
 */
export interface RecordedSpans__Output {
  /**
   * Which: 0 is the coordinator.
   */
  'process': (number);
  /**
   * In the order in which they ended.
   */
  'spans': (_ganglion_v1_Span__Output)[];
}
