// Original file: proto/ganglion/v1/run.proto

import type { Statistics as _ganglion_v1_Statistics, Statistics__Output as _ganglion_v1_Statistics__Output } from '../../ganglion/v1/Statistics.ts';
import type { Timings as _ganglion_v1_Timings, Timings__Output as _ganglion_v1_Timings__Output } from '../../ganglion/v1/Timings.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A reported phase was committed.
 */
export interface PhaseEvent {
  /**
   * The phase, counted from 0.
   */
  'phase'?: (number | string | Long);
  /**
   * Phases in the whole run.
   */
  'totalPhases'?: (number | string | Long);
  /**
   * Pass over the data, counted from 0.
   */
  'epoch'?: (number);
  /**
   * Means over the global minibatch.
   */
  'statistics'?: (_ganglion_v1_Statistics | null);
  /**
   * Where the time went, on the slowest worker.
   */
  'timings'?: (_ganglion_v1_Timings | null);
  /**
   * Real samples used since the run began.
   */
  'samples'?: (number | string | Long);
  /**
   * Real samples a second since the last report.
   */
  'samplesPerSecond'?: (number | string);
  /**
   * Phases a second since the last report.
   */
  'phasesPerSecond'?: (number | string);
}

/**
 * A reported phase was committed.
 */
export interface PhaseEvent__Output {
  /**
   * The phase, counted from 0.
   */
  'phase': (number);
  /**
   * Phases in the whole run.
   */
  'totalPhases': (number);
  /**
   * Pass over the data, counted from 0.
   */
  'epoch': (number);
  /**
   * Means over the global minibatch.
   */
  'statistics': (_ganglion_v1_Statistics__Output | null);
  /**
   * Where the time went, on the slowest worker.
   */
  'timings': (_ganglion_v1_Timings__Output | null);
  /**
   * Real samples used since the run began.
   */
  'samples': (number);
  /**
   * Real samples a second since the last report.
   */
  'samplesPerSecond': (number);
  /**
   * Phases a second since the last report.
   */
  'phasesPerSecond': (number);
}
