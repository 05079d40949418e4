// Original file: proto/ganglion/v1/worker.proto

import type { Statistics as _ganglion_v1_Statistics, Statistics__Output as _ganglion_v1_Statistics__Output } from '../../ganglion/v1/Statistics.ts';
import type { Timings as _ganglion_v1_Timings, Timings__Output as _ganglion_v1_Timings__Output } from '../../ganglion/v1/Timings.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A phase was applied.
 */
export interface PhaseReport {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation.
   */
  'generation'?: (number | string | Long);
  /**
   * The phase, counted from 0.
   */
  'phase'?: (number | string | Long);
  /**
   * Means over the global minibatch; only every reports.everyPhases phases.
   */
  'statistics'?: (_ganglion_v1_Statistics | null);
  /**
   * Where the time went, summed over the phases since the last report.
   */
  'timings'?: (_ganglion_v1_Timings | null);
  /**
   * Gradient bytes sent and received since the last report.
   */
  'exchangedBytes'?: (number | string | Long);
  /**
   * SHA-256 of G's and D's weights in hex; only every reports.hashEveryPhases phases and at the end.
   */
  'weightsSha256'?: (string);
  /**
   * Phases in `timings`.
   */
  'phaseCount'?: (number);
  /**
   * Bytes that uncompressed gradients would have taken more, since the last report.
   */
  'savedBytes'?: (number | string | Long);
  /**
   * Computations that could not be compiled and stay op by op, since the last report.
   */
  'compileFallbacks'?: (number);
}

/**
 * A phase was applied.
 */
export interface PhaseReport__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation.
   */
  'generation': (number);
  /**
   * The phase, counted from 0.
   */
  'phase': (number);
  /**
   * Means over the global minibatch; only every reports.everyPhases phases.
   */
  'statistics': (_ganglion_v1_Statistics__Output | null);
  /**
   * Where the time went, summed over the phases since the last report.
   */
  'timings': (_ganglion_v1_Timings__Output | null);
  /**
   * Gradient bytes sent and received since the last report.
   */
  'exchangedBytes': (number);
  /**
   * SHA-256 of G's and D's weights in hex; only every reports.hashEveryPhases phases and at the end.
   */
  'weightsSha256': (string);
  /**
   * Phases in `timings`.
   */
  'phaseCount': (number);
  /**
   * Bytes that uncompressed gradients would have taken more, since the last report.
   */
  'savedBytes': (number);
  /**
   * Computations that could not be compiled and stay op by op, since the last report.
   */
  'compileFallbacks': (number);
}
