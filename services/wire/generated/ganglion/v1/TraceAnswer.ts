// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The worker's clock, and how far it is.
 */
export interface TraceAnswer {
  /**
   * Of the order.
   */
  'traceId'?: (number | string | Long);
  /**
   * Of the order.
   */
  'sentAtMs'?: (number | string);
  /**
   * When the order came, in milliseconds on the worker's clock.
   */
  'receivedAtMs'?: (number | string);
  /**
   * When this left, on the same clock.
   */
  'answeredAtMs'?: (number | string);
  /**
   * The first phase that it can record whole, counted from 0.
   */
  'nextPhase'?: (number | string | Long);
}

/**
 * The worker's clock, and how far it is.
 */
export interface TraceAnswer__Output {
  /**
   * Of the order.
   */
  'traceId': (number);
  /**
   * Of the order.
   */
  'sentAtMs': (number);
  /**
   * When the order came, in milliseconds on the worker's clock.
   */
  'receivedAtMs': (number);
  /**
   * When this left, on the same clock.
   */
  'answeredAtMs': (number);
  /**
   * The first phase that it can record whole, counted from 0.
   */
  'nextPhase': (number);
}
