// Original file: proto/ganglion/v1/run.proto

import type { TraceBegun as _ganglion_v1_TraceBegun, TraceBegun__Output as _ganglion_v1_TraceBegun__Output } from '../../ganglion/v1/TraceBegun.ts';
import type { RecordedSpans as _ganglion_v1_RecordedSpans, RecordedSpans__Output as _ganglion_v1_RecordedSpans__Output } from '../../ganglion/v1/RecordedSpans.ts';
import type { TracedProcess as _ganglion_v1_TracedProcess, TracedProcess__Output as _ganglion_v1_TracedProcess__Output } from '../../ganglion/v1/TracedProcess.ts';

/**
 * A piece of a trace.
 */
export interface TracePart {
  /**
   * The workers know what to record. A later one makes all parts before it void.
   */
  'begun'?: (_ganglion_v1_TraceBegun | null);
  /**
   * What a process did.
   */
  'spans'?: (_ganglion_v1_RecordedSpans | null);
  /**
   * Who a process is, at the end, one for each that was asked.
   */
  'process'?: (_ganglion_v1_TracedProcess | null);
  /**
   * Which.
   */
  'part'?: "begun"|"spans"|"process";
}

/**
 * A piece of a trace.
 */
export interface TracePart__Output {
  /**
   * The workers know what to record. A later one makes all parts before it void.
   */
  'begun'?: (_ganglion_v1_TraceBegun__Output | null);
  /**
   * What a process did.
   */
  'spans'?: (_ganglion_v1_RecordedSpans__Output | null);
  /**
   * Who a process is, at the end, one for each that was asked.
   */
  'process'?: (_ganglion_v1_TracedProcess__Output | null);
  /**
   * Which.
   */
  'part'?: "begun"|"spans"|"process";
}
