// Original file: proto/ganglion/v1/run.proto

import type { StateEvent as _ganglion_v1_StateEvent, StateEvent__Output as _ganglion_v1_StateEvent__Output } from '../../ganglion/v1/StateEvent.ts';
import type { PhaseEvent as _ganglion_v1_PhaseEvent, PhaseEvent__Output as _ganglion_v1_PhaseEvent__Output } from '../../ganglion/v1/PhaseEvent.ts';
import type { SnapshotEvent as _ganglion_v1_SnapshotEvent, SnapshotEvent__Output as _ganglion_v1_SnapshotEvent__Output } from '../../ganglion/v1/SnapshotEvent.ts';
import type { MembershipEvent as _ganglion_v1_MembershipEvent, MembershipEvent__Output as _ganglion_v1_MembershipEvent__Output } from '../../ganglion/v1/MembershipEvent.ts';
import type { AlarmEvent as _ganglion_v1_AlarmEvent, AlarmEvent__Output as _ganglion_v1_AlarmEvent__Output } from '../../ganglion/v1/AlarmEvent.ts';
import type { EvaluationEvent as _ganglion_v1_EvaluationEvent, EvaluationEvent__Output as _ganglion_v1_EvaluationEvent__Output } from '../../ganglion/v1/EvaluationEvent.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Something that happened to a run.
 */
export interface RunEvent {
  /**
   * The run it happened to.
   */
  'runId'?: (string);
  /**
   * Position in the run's history; gaps mean dropped phase events.
   */
  'sequence'?: (number | string | Long);
  /**
   * When, in milliseconds since 1970.
   */
  'timeMs'?: (number | string | Long);
  /**
   * The run changed its state.
   */
  'state'?: (_ganglion_v1_StateEvent | null);
  /**
   * A reported phase was committed.
   */
  'phase'?: (_ganglion_v1_PhaseEvent | null);
  /**
   * A picture was written.
   */
  'snapshot'?: (_ganglion_v1_SnapshotEvent | null);
  /**
   * The run's workers changed.
   */
  'membership'?: (_ganglion_v1_MembershipEvent | null);
  /**
   * An alarm was raised, or is over.
   */
  'alarm'?: (_ganglion_v1_AlarmEvent | null);
  /**
   * A checkpoint was evaluated, or could not be.
   */
  'evaluation'?: (_ganglion_v1_EvaluationEvent | null);
  /**
   * What happened.
   */
  'event'?: "state"|"phase"|"snapshot"|"membership"|"alarm"|"evaluation";
}

/**
 * Something that happened to a run.
 */
export interface RunEvent__Output {
  /**
   * The run it happened to.
   */
  'runId': (string);
  /**
   * Position in the run's history; gaps mean dropped phase events.
   */
  'sequence': (number);
  /**
   * When, in milliseconds since 1970.
   */
  'timeMs': (number);
  /**
   * The run changed its state.
   */
  'state'?: (_ganglion_v1_StateEvent__Output | null);
  /**
   * A reported phase was committed.
   */
  'phase'?: (_ganglion_v1_PhaseEvent__Output | null);
  /**
   * A picture was written.
   */
  'snapshot'?: (_ganglion_v1_SnapshotEvent__Output | null);
  /**
   * The run's workers changed.
   */
  'membership'?: (_ganglion_v1_MembershipEvent__Output | null);
  /**
   * An alarm was raised, or is over.
   */
  'alarm'?: (_ganglion_v1_AlarmEvent__Output | null);
  /**
   * A checkpoint was evaluated, or could not be.
   */
  'evaluation'?: (_ganglion_v1_EvaluationEvent__Output | null);
  /**
   * What happened.
   */
  'event'?: "state"|"phase"|"snapshot"|"membership"|"alarm"|"evaluation";
}
