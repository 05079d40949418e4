// Original file: proto/ganglion/v1/worker.proto

import type { Welcome as _ganglion_v1_Welcome, Welcome__Output as _ganglion_v1_Welcome__Output } from '../../ganglion/v1/Welcome.ts';
import type { Refused as _ganglion_v1_Refused, Refused__Output as _ganglion_v1_Refused__Output } from '../../ganglion/v1/Refused.ts';
import type { Assignment as _ganglion_v1_Assignment, Assignment__Output as _ganglion_v1_Assignment__Output } from '../../ganglion/v1/Assignment.ts';
import type { Halt as _ganglion_v1_Halt, Halt__Output as _ganglion_v1_Halt__Output } from '../../ganglion/v1/Halt.ts';
import type { CollectState as _ganglion_v1_CollectState, CollectState__Output as _ganglion_v1_CollectState__Output } from '../../ganglion/v1/CollectState.ts';
import type { Release as _ganglion_v1_Release, Release__Output as _ganglion_v1_Release__Output } from '../../ganglion/v1/Release.ts';
import type { Begin as _ganglion_v1_Begin, Begin__Output as _ganglion_v1_Begin__Output } from '../../ganglion/v1/Begin.ts';
import type { Fault as _ganglion_v1_Fault, Fault__Output as _ganglion_v1_Fault__Output } from '../../ganglion/v1/Fault.ts';
import type { Drain as _ganglion_v1_Drain, Drain__Output as _ganglion_v1_Drain__Output } from '../../ganglion/v1/Drain.ts';
import type { TraceOrder as _ganglion_v1_TraceOrder, TraceOrder__Output as _ganglion_v1_TraceOrder__Output } from '../../ganglion/v1/TraceOrder.ts';
import type { EvaluationOrder as _ganglion_v1_EvaluationOrder, EvaluationOrder__Output as _ganglion_v1_EvaluationOrder__Output } from '../../ganglion/v1/EvaluationOrder.ts';
import type { EvaluationOver as _ganglion_v1_EvaluationOver, EvaluationOver__Output as _ganglion_v1_EvaluationOver__Output } from '../../ganglion/v1/EvaluationOver.ts';

/**
 * From the coordinator.
 */
export interface CoordinatorMessage {
  /**
   * The session is open.
   */
  'welcome'?: (_ganglion_v1_Welcome | null);
  /**
   * The session is refused; the stream ends.
   */
  'refused'?: (_ganglion_v1_Refused | null);
  /**
   * Join this run's generation.
   */
  'assignment'?: (_ganglion_v1_Assignment | null);
  /**
   * Stop at the phase boundary you are at, keep the state, answer Held.
   */
  'halt'?: (_ganglion_v1_Halt | null);
  /**
   * Upload the state that you hold.
   */
  'collectState'?: (_ganglion_v1_CollectState | null);
  /**
   * Forget the run; you are idle.
   */
  'release'?: (_ganglion_v1_Release | null);
  /**
   * Every member is ready: train.
   */
  'begin'?: (_ganglion_v1_Begin | null);
  /**
   * Meet a fault; obeyed only where the worker was started with --allow-chaos.
   */
  'fault'?: (_ganglion_v1_Fault | null);
  /**
   * Finish your phase, hand over, and end.
   */
  'drain'?: (_ganglion_v1_Drain | null);
  /**
   * Record what you do, and tell your clock.
   */
  'traceOrder'?: (_ganglion_v1_TraceOrder | null);
  /**
   * Measure a checkpoint, as long as you compute no gradient.
   */
  'evaluationOrder'?: (_ganglion_v1_EvaluationOrder | null);
  /**
   * Nobody waits for that any more.
   */
  'evaluationOver'?: (_ganglion_v1_EvaluationOver | null);
  /**
   * Which.
   */
  'message'?: "welcome"|"refused"|"assignment"|"halt"|"collectState"|"release"|"begin"|"fault"|"drain"|"traceOrder"|"evaluationOrder"|"evaluationOver";
}

/**
 * From the coordinator.
 */
export interface CoordinatorMessage__Output {
  /**
   * The session is open.
   */
  'welcome'?: (_ganglion_v1_Welcome__Output | null);
  /**
   * The session is refused; the stream ends.
   */
  'refused'?: (_ganglion_v1_Refused__Output | null);
  /**
   * Join this run's generation.
   */
  'assignment'?: (_ganglion_v1_Assignment__Output | null);
  /**
   * Stop at the phase boundary you are at, keep the state, answer Held.
   */
  'halt'?: (_ganglion_v1_Halt__Output | null);
  /**
   * Upload the state that you hold.
   */
  'collectState'?: (_ganglion_v1_CollectState__Output | null);
  /**
   * Forget the run; you are idle.
   */
  'release'?: (_ganglion_v1_Release__Output | null);
  /**
   * Every member is ready: train.
   */
  'begin'?: (_ganglion_v1_Begin__Output | null);
  /**
   * Meet a fault; obeyed only where the worker was started with --allow-chaos.
   */
  'fault'?: (_ganglion_v1_Fault__Output | null);
  /**
   * Finish your phase, hand over, and end.
   */
  'drain'?: (_ganglion_v1_Drain__Output | null);
  /**
   * Record what you do, and tell your clock.
   */
  'traceOrder'?: (_ganglion_v1_TraceOrder__Output | null);
  /**
   * Measure a checkpoint, as long as you compute no gradient.
   */
  'evaluationOrder'?: (_ganglion_v1_EvaluationOrder__Output | null);
  /**
   * Nobody waits for that any more.
   */
  'evaluationOver'?: (_ganglion_v1_EvaluationOver__Output | null);
  /**
   * Which.
   */
  'message'?: "welcome"|"refused"|"assignment"|"halt"|"collectState"|"release"|"begin"|"fault"|"drain"|"traceOrder"|"evaluationOrder"|"evaluationOver";
}
