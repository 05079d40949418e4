// Original file: proto/ganglion/v1/worker.proto

import type { Span as _ganglion_v1_Span, Span__Output as _ganglion_v1_Span__Output } from '../../ganglion/v1/Span.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What a worker recorded. At most 1,024 spans a message.
 */
export interface TraceSpans {
  /**
   * Of the order.
   */
  'traceId'?: (number | string | Long);
  /**
   * In the order in which they ended.
   */
  'spans'?: (_ganglion_v1_Span)[];
  /**
   * Phases applied.
   */
  'phase'?: (number | string | Long);
  /**
   * Nothing more will come of this order.
   */
  'last'?: (boolean);
  /**
   * Spans that found no room since the last message.
   */
  'dropped'?: (number | string | Long);
}

/**
 * What a worker recorded. At most 1,024 spans a message.
 */
export interface TraceSpans__Output {
  /**
   * Of the order.
   */
  'traceId': (number);
  /**
   * In the order in which they ended.
   */
  'spans': (_ganglion_v1_Span__Output)[];
  /**
   * Phases applied.
   */
  'phase': (number);
  /**
   * Nothing more will come of this order.
   */
  'last': (boolean);
  /**
   * Spans that found no room since the last message.
   */
  'dropped': (number);
}
