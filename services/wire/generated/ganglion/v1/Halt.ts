// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Stop at the phase boundary you are at.
 */
export interface Halt {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation that begins; everything of an older one is stale.
   */
  'generation'?: (number | string | Long);
  /**
   * The sentence that explains it.
   */
  'why'?: (string);
  /**
   * True: finish the phase, and stop where all members do (see the stop flag in the statistics tail); the generation
   * stays. False: stop now, a phase under way is dropped.
   */
  'graceful'?: (boolean);
}

/**
 * Stop at the phase boundary you are at.
 */
export interface Halt__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation that begins; everything of an older one is stale.
   */
  'generation': (number);
  /**
   * The sentence that explains it.
   */
  'why': (string);
  /**
   * True: finish the phase, and stop where all members do (see the stop flag in the statistics tail); the generation
   * stays. False: stop now, a phase under way is dropped.
   */
  'graceful': (boolean);
}
