// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The worker cannot go on with the run.
 */
export interface WorkerFailure {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation.
   */
  'generation'?: (number | string | Long);
  /**
   * The phase that it was in.
   */
  'phase'?: (number | string | Long);
  /**
   * What was found.
   */
  'message'?: (string);
  /**
   * What to do next.
   */
  'remedy'?: (string);
  /**
   * True where another worker would meet the same: the run fails; else the worker is dropped from the run.
   */
  'fatal'?: (boolean);
}

/**
 * The worker cannot go on with the run.
 */
export interface WorkerFailure__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation.
   */
  'generation': (number);
  /**
   * The phase that it was in.
   */
  'phase': (number);
  /**
   * What was found.
   */
  'message': (string);
  /**
   * What to do next.
   */
  'remedy': (string);
  /**
   * True where another worker would meet the same: the run fails; else the worker is dropped from the run.
   */
  'fatal': (boolean);
}
