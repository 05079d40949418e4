// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The worker lives.
 */
export interface Heartbeat {
  /**
   * The run that it works for; empty when idle.
   */
  'runId'?: (string);
  /**
   * The generation that it is in.
   */
  'generation'?: (number | string | Long);
  /**
   * Phases that it has applied.
   */
  'phase'?: (number | string | Long);
  /**
   * What it is doing: a word such as compute, exchange, wait, apply.
   */
  'activity'?: (string);
}

/**
 * The worker lives.
 */
export interface Heartbeat__Output {
  /**
   * The run that it works for; empty when idle.
   */
  'runId': (string);
  /**
   * The generation that it is in.
   */
  'generation': (number);
  /**
   * Phases that it has applied.
   */
  'phase': (number);
  /**
   * What it is doing: a word such as compute, exchange, wait, apply.
   */
  'activity': (string);
}
