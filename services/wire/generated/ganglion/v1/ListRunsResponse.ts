// Original file: proto/ganglion/v1/run.proto

import type { Run as _ganglion_v1_Run, Run__Output as _ganglion_v1_Run__Output } from '../../ganglion/v1/Run.ts';

/**
 * The runs.
 */
export interface ListRunsResponse {
  /**
   * Oldest first.
   */
  'runs'?: (_ganglion_v1_Run)[];
}

/**
 * The runs.
 */
export interface ListRunsResponse__Output {
  /**
   * Oldest first.
   */
  'runs': (_ganglion_v1_Run__Output)[];
}
