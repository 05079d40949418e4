// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A mean gradient was not finite; the phase was not applied.
 */
export interface NonFinite {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation.
   */
  'generation'?: (number | string | Long);
  /**
   * The phase, counted from 0.
   */
  'phase'?: (number | string | Long);
  /**
   * First tensor with a value that is not finite.
   */
  'tensor'?: (string);
  /**
   * The sender's own shards whose gradients were not finite.
   */
  'shards'?: (number)[];
  /**
   * True where the phase was left out and training goes on.
   */
  'skipped'?: (boolean);
}

/**
 * A mean gradient was not finite; the phase was not applied.
 */
export interface NonFinite__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation.
   */
  'generation': (number);
  /**
   * The phase, counted from 0.
   */
  'phase': (number);
  /**
   * First tensor with a value that is not finite.
   */
  'tensor': (string);
  /**
   * The sender's own shards whose gradients were not finite.
   */
  'shards': (number)[];
  /**
   * True where the phase was left out and training goes on.
   */
  'skipped': (boolean);
}
