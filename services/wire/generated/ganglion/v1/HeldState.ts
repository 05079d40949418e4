// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A run's state in a worker's memory.
 */
export interface HeldState {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * Phases applied in it.
   */
  'phase'?: (number | string | Long);
  /**
   * SHA-256 of the run's resolved config, in hex: a run of another coordinator may have the same id.
   */
  'configSha256'?: (string);
}

/**
 * A run's state in a worker's memory.
 */
export interface HeldState__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * Phases applied in it.
   */
  'phase': (number);
  /**
   * SHA-256 of the run's resolved config, in hex: a run of another coordinator may have the same id.
   */
  'configSha256': (string);
}
