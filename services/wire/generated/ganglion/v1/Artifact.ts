// Original file: proto/ganglion/v1/run.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One file of a run folder.
 */
export interface Artifact {
  /**
   * Path inside the run folder, with forward slashes.
   */
  'name'?: (string);
  /**
   * Size in bytes.
   */
  'sizeBytes'?: (number | string | Long);
}

/**
 * One file of a run folder.
 */
export interface Artifact__Output {
  /**
   * Path inside the run folder, with forward slashes.
   */
  'name': (string);
  /**
   * Size in bytes.
   */
  'sizeBytes': (number);
}
