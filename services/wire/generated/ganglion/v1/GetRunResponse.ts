// Original file: proto/ganglion/v1/run.proto

import type { Run as _ganglion_v1_Run, Run__Output as _ganglion_v1_Run__Output } from '../../ganglion/v1/Run.ts';

/**
 * The run.
 */
export interface GetRunResponse {
  /**
   * The run.
   */
  'run'?: (_ganglion_v1_Run | null);
}

/**
 * The run.
 */
export interface GetRunResponse__Output {
  /**
   * The run.
   */
  'run': (_ganglion_v1_Run__Output | null);
}
