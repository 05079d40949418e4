// Original file: proto/ganglion/v1/run.proto

import type { Run as _ganglion_v1_Run, Run__Output as _ganglion_v1_Run__Output } from '../../ganglion/v1/Run.ts';

/**
 * The created (or, in a dry run, resolved) run.
 */
export interface CreateRunResponse {
  /**
   * The run; without an id in a dry run.
   */
  'run'?: (_ganglion_v1_Run | null);
}

/**
 * The created (or, in a dry run, resolved) run.
 */
export interface CreateRunResponse__Output {
  /**
   * The run; without an id in a dry run.
   */
  'run': (_ganglion_v1_Run__Output | null);
}
