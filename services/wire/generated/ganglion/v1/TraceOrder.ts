// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Record what you do in some phases, and tell your clock. A worker of an older version does not know it, and says nothing.
 */
export interface TraceOrder {
  /**
   * Names the order. The same again only asks for the clock; another takes its place.
   */
  'traceId'?: (number | string | Long);
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * First phase to record, counted from 0.
   */
  'fromPhase'?: (number | string | Long);
  /**
   * First phase not to record any more.
   */
  'untilPhase'?: (number | string | Long);
  /**
   * When it was sent, in milliseconds on the coordinator's clock: comes back in the answer.
   */
  'sentAtMs'?: (number | string);
  /**
   * True: nobody listens any more, record nothing.
   */
  'over'?: (boolean);
}

/**
 * Record what you do in some phases, and tell your clock. A worker of an older version does not know it, and says nothing.
 */
export interface TraceOrder__Output {
  /**
   * Names the order. The same again only asks for the clock; another takes its place.
   */
  'traceId': (number);
  /**
   * The run.
   */
  'runId': (string);
  /**
   * First phase to record, counted from 0.
   */
  'fromPhase': (number);
  /**
   * First phase not to record any more.
   */
  'untilPhase': (number);
  /**
   * When it was sent, in milliseconds on the coordinator's clock: comes back in the answer.
   */
  'sentAtMs': (number);
  /**
   * True: nobody listens any more, record nothing.
   */
  'over': (boolean);
}
