// Original file: proto/ganglion/v1/worker.proto

import type { Hello as _ganglion_v1_Hello, Hello__Output as _ganglion_v1_Hello__Output } from '../../ganglion/v1/Hello.ts';
import type { Heartbeat as _ganglion_v1_Heartbeat, Heartbeat__Output as _ganglion_v1_Heartbeat__Output } from '../../ganglion/v1/Heartbeat.ts';
import type { Ready as _ganglion_v1_Ready, Ready__Output as _ganglion_v1_Ready__Output } from '../../ganglion/v1/Ready.ts';
import type { Held as _ganglion_v1_Held, Held__Output as _ganglion_v1_Held__Output } from '../../ganglion/v1/Held.ts';
import type { PhaseReport as _ganglion_v1_PhaseReport, PhaseReport__Output as _ganglion_v1_PhaseReport__Output } from '../../ganglion/v1/PhaseReport.ts';
import type { Snapshot as _ganglion_v1_Snapshot, Snapshot__Output as _ganglion_v1_Snapshot__Output } from '../../ganglion/v1/Snapshot.ts';
import type { WorkerFailure as _ganglion_v1_WorkerFailure, WorkerFailure__Output as _ganglion_v1_WorkerFailure__Output } from '../../ganglion/v1/WorkerFailure.ts';
import type { Draining as _ganglion_v1_Draining, Draining__Output as _ganglion_v1_Draining__Output } from '../../ganglion/v1/Draining.ts';
import type { RoadBlocked as _ganglion_v1_RoadBlocked, RoadBlocked__Output as _ganglion_v1_RoadBlocked__Output } from '../../ganglion/v1/RoadBlocked.ts';
import type { NonFinite as _ganglion_v1_NonFinite, NonFinite__Output as _ganglion_v1_NonFinite__Output } from '../../ganglion/v1/NonFinite.ts';
import type { TraceAnswer as _ganglion_v1_TraceAnswer, TraceAnswer__Output as _ganglion_v1_TraceAnswer__Output } from '../../ganglion/v1/TraceAnswer.ts';
import type { TraceSpans as _ganglion_v1_TraceSpans, TraceSpans__Output as _ganglion_v1_TraceSpans__Output } from '../../ganglion/v1/TraceSpans.ts';
import type { EvaluationAnswer as _ganglion_v1_EvaluationAnswer, EvaluationAnswer__Output as _ganglion_v1_EvaluationAnswer__Output } from '../../ganglion/v1/EvaluationAnswer.ts';

/**
 * From a worker.
 */
export interface WorkerMessage {
  /**
   * First message of a session.
   */
  'hello'?: (_ganglion_v1_Hello | null);
  /**
   * Sent at the interval that Welcome asks for.
   */
  'heartbeat'?: (_ganglion_v1_Heartbeat | null);
  /**
   * The state is loaded; the worker goes on by itself.
   */
  'ready'?: (_ganglion_v1_Ready | null);
  /**
   * The worker has stopped at a phase boundary, as Halt asked.
   */
  'held'?: (_ganglion_v1_Held | null);
  /**
   * A phase was applied.
   */
  'phaseReport'?: (_ganglion_v1_PhaseReport | null);
  /**
   * Sample pictures.
   */
  'snapshot'?: (_ganglion_v1_Snapshot | null);
  /**
   * The worker cannot go on with the run.
   */
  'failure'?: (_ganglion_v1_WorkerFailure | null);
  /**
   * The worker wants to leave: it finishes its phase and takes no new run.
   */
  'draining'?: (_ganglion_v1_Draining | null);
  /**
   * The direct road to another member is closed.
   */
  'roadBlocked'?: (_ganglion_v1_RoadBlocked | null);
  /**
   * A mean gradient was not finite; the phase was not applied.
   */
  'nonFinite'?: (_ganglion_v1_NonFinite | null);
  /**
   * Answers a TraceOrder at once.
   */
  'traceAnswer'?: (_ganglion_v1_TraceAnswer | null);
  /**
   * What was recorded, as a TraceOrder asked.
   */
  'traceSpans'?: (_ganglion_v1_TraceSpans | null);
  /**
   * What an EvaluationOrder asked for.
   */
  'evaluationAnswer'?: (_ganglion_v1_EvaluationAnswer | null);
  /**
   * Which.
   */
  'message'?: "hello"|"heartbeat"|"ready"|"held"|"phaseReport"|"snapshot"|"failure"|"draining"|"roadBlocked"|"nonFinite"|"traceAnswer"|"traceSpans"|"evaluationAnswer";
}

/**
 * From a worker.
 */
export interface WorkerMessage__Output {
  /**
   * First message of a session.
   */
  'hello'?: (_ganglion_v1_Hello__Output | null);
  /**
   * Sent at the interval that Welcome asks for.
   */
  'heartbeat'?: (_ganglion_v1_Heartbeat__Output | null);
  /**
   * The state is loaded; the worker goes on by itself.
   */
  'ready'?: (_ganglion_v1_Ready__Output | null);
  /**
   * The worker has stopped at a phase boundary, as Halt asked.
   */
  'held'?: (_ganglion_v1_Held__Output | null);
  /**
   * A phase was applied.
   */
  'phaseReport'?: (_ganglion_v1_PhaseReport__Output | null);
  /**
   * Sample pictures.
   */
  'snapshot'?: (_ganglion_v1_Snapshot__Output | null);
  /**
   * The worker cannot go on with the run.
   */
  'failure'?: (_ganglion_v1_WorkerFailure__Output | null);
  /**
   * The worker wants to leave: it finishes its phase and takes no new run.
   */
  'draining'?: (_ganglion_v1_Draining__Output | null);
  /**
   * The direct road to another member is closed.
   */
  'roadBlocked'?: (_ganglion_v1_RoadBlocked__Output | null);
  /**
   * A mean gradient was not finite; the phase was not applied.
   */
  'nonFinite'?: (_ganglion_v1_NonFinite__Output | null);
  /**
   * Answers a TraceOrder at once.
   */
  'traceAnswer'?: (_ganglion_v1_TraceAnswer__Output | null);
  /**
   * What was recorded, as a TraceOrder asked.
   */
  'traceSpans'?: (_ganglion_v1_TraceSpans__Output | null);
  /**
   * What an EvaluationOrder asked for.
   */
  'evaluationAnswer'?: (_ganglion_v1_EvaluationAnswer__Output | null);
  /**
   * Which.
   */
  'message'?: "hello"|"heartbeat"|"ready"|"held"|"phaseReport"|"snapshot"|"failure"|"draining"|"roadBlocked"|"nonFinite"|"traceAnswer"|"traceSpans"|"evaluationAnswer";
}
