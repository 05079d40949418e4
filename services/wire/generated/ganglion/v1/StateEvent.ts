// Original file: proto/ganglion/v1/run.proto

import type { RunState as _ganglion_v1_RunState, RunState__Output as _ganglion_v1_RunState__Output } from '../../ganglion/v1/RunState.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * The run changed its state.
 */
export interface StateEvent {
  /**
   * The new state.
   */
  'state'?: (_ganglion_v1_RunState);
  /**
   * The sentence that explains it.
   */
  'why'?: (string);
  /**
   * Committed phases at that moment.
   */
  'phase'?: (number | string | Long);
  /**
   * Phases in the whole run.
   */
  'totalPhases'?: (number | string | Long);
  /**
   * SHA-256 of the weights in hex, where a checkpoint goes with the state; else empty.
   */
  'weightsSha256'?: (string);
}

/**
 * The run changed its state.
 */
export interface StateEvent__Output {
  /**
   * The new state.
   */
  'state': (_ganglion_v1_RunState__Output);
  /**
   * The sentence that explains it.
   */
  'why': (string);
  /**
   * Committed phases at that moment.
   */
  'phase': (number);
  /**
   * Phases in the whole run.
   */
  'totalPhases': (number);
  /**
   * SHA-256 of the weights in hex, where a checkpoint goes with the state; else empty.
   */
  'weightsSha256': (string);
}
