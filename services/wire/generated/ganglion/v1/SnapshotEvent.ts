// Original file: proto/ganglion/v1/run.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A picture was written to the run folder.
 */
export interface SnapshotEvent {
  /**
   * Committed phases when it was taken.
   */
  'phase'?: (number | string | Long);
  /**
   * File name in the run folder.
   */
  'artifact'?: (string);
}

/**
 * A picture was written to the run folder.
 */
export interface SnapshotEvent__Output {
  /**
   * Committed phases when it was taken.
   */
  'phase': (number);
  /**
   * File name in the run folder.
   */
  'artifact': (string);
}
