// Original file: proto/ganglion/v1/run.proto

import type { RunState as _ganglion_v1_RunState, RunState__Output as _ganglion_v1_RunState__Output } from '../../ganglion/v1/RunState.ts';
import type { Statistics as _ganglion_v1_Statistics, Statistics__Output as _ganglion_v1_Statistics__Output } from '../../ganglion/v1/Statistics.ts';
import type { Alarm as _ganglion_v1_Alarm, Alarm__Output as _ganglion_v1_Alarm__Output } from '../../ganglion/v1/Alarm.ts';
import type { Evaluation as _ganglion_v1_Evaluation, Evaluation__Output as _ganglion_v1_Evaluation__Output } from '../../ganglion/v1/Evaluation.ts';
import type { BestCheckpoint as _ganglion_v1_BestCheckpoint, BestCheckpoint__Output as _ganglion_v1_BestCheckpoint__Output } from '../../ganglion/v1/BestCheckpoint.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One run as the coordinator sees it.
 */
export interface Run {
  /**
   * Unique id: the one that its launch named, or the config's name and a number.
   */
  'runId'?: (string);
  /**
   * Where it stands.
   */
  'state'?: (_ganglion_v1_RunState);
  /**
   * The sentence that explains the state.
   */
  'why'?: (string);
  /**
   * The resolved config, as YAML.
   */
  'configYaml'?: (string);
  /**
   * Committed phases.
   */
  'phase'?: (number | string | Long);
  /**
   * Phases in the whole run.
   */
  'totalPhases'?: (number | string | Long);
  /**
   * Bumped at every change of membership.
   */
  'generation'?: (number | string | Long);
  /**
   * Ids of the workers that it holds, by rank.
   */
  'workerIds'?: (string)[];
  /**
   * The most workers that it takes.
   */
  'workersWanted'?: (number);
  /**
   * When it was created, in milliseconds since 1970.
   */
  'createdAtMs'?: (number | string | Long);
  /**
   * When its state last changed, in milliseconds since 1970.
   */
  'updatedAtMs'?: (number | string | Long);
  /**
   * Its folder on the coordinator's machine.
   */
  'folder'?: (string);
  /**
   * Phase of each kept checkpoint, oldest first.
   */
  'checkpointPhases'?: (number | string | Long)[];
  /**
   * SHA-256 of the weights at the newest checkpoint, in hex; empty before the first.
   */
  'weightsSha256'?: (string);
  /**
   * Statistics of the newest reported phase.
   */
  'statistics'?: (_ganglion_v1_Statistics | null);
  /**
   * The fewest workers that it trains with.
   */
  'workersNeeded'?: (number);
  /**
   * Alarms that are raised, in the order in which they were.
   */
  'alarms'?: (_ganglion_v1_Alarm)[];
  /**
   * The newest evaluation of one of its checkpoints; absent before the first.
   */
  'evaluation'?: (_ganglion_v1_Evaluation | null);
  /**
   * The checkpoint that is best by the measure that the config names; absent where it names none, and before the first
   * evaluation.
   */
  'best'?: (_ganglion_v1_BestCheckpoint | null);
}

/**
 * One run as the coordinator sees it.
 */
export interface Run__Output {
  /**
   * Unique id: the one that its launch named, or the config's name and a number.
   */
  'runId': (string);
  /**
   * Where it stands.
   */
  'state': (_ganglion_v1_RunState__Output);
  /**
   * The sentence that explains the state.
   */
  'why': (string);
  /**
   * The resolved config, as YAML.
   */
  'configYaml': (string);
  /**
   * Committed phases.
   */
  'phase': (number);
  /**
   * Phases in the whole run.
   */
  'totalPhases': (number);
  /**
   * Bumped at every change of membership.
   */
  'generation': (number);
  /**
   * Ids of the workers that it holds, by rank.
   */
  'workerIds': (string)[];
  /**
   * The most workers that it takes.
   */
  'workersWanted': (number);
  /**
   * When it was created, in milliseconds since 1970.
   */
  'createdAtMs': (number);
  /**
   * When its state last changed, in milliseconds since 1970.
   */
  'updatedAtMs': (number);
  /**
   * Its folder on the coordinator's machine.
   */
  'folder': (string);
  /**
   * Phase of each kept checkpoint, oldest first.
   */
  'checkpointPhases': (number)[];
  /**
   * SHA-256 of the weights at the newest checkpoint, in hex; empty before the first.
   */
  'weightsSha256': (string);
  /**
   * Statistics of the newest reported phase.
   */
  'statistics': (_ganglion_v1_Statistics__Output | null);
  /**
   * The fewest workers that it trains with.
   */
  'workersNeeded': (number);
  /**
   * Alarms that are raised, in the order in which they were.
   */
  'alarms': (_ganglion_v1_Alarm__Output)[];
  /**
   * The newest evaluation of one of its checkpoints; absent before the first.
   */
  'evaluation': (_ganglion_v1_Evaluation__Output | null);
  /**
   * The checkpoint that is best by the measure that the config names; absent where it names none, and before the first
   * evaluation.
   */
  'best': (_ganglion_v1_BestCheckpoint__Output | null);
}
