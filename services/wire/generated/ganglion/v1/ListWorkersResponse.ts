// Original file: proto/ganglion/v1/run.proto

import type { Worker as _ganglion_v1_Worker, Worker__Output as _ganglion_v1_Worker__Output } from '../../ganglion/v1/Worker.ts';

/**
 * The workers.
 */
export interface ListWorkersResponse {
  /**
   * By id.
   */
  'workers'?: (_ganglion_v1_Worker)[];
}

/**
 * The workers.
 */
export interface ListWorkersResponse__Output {
  /**
   * By id.
   */
  'workers': (_ganglion_v1_Worker__Output)[];
}
