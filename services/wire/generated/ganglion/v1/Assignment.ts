// Original file: proto/ganglion/v1/worker.proto

import type { Member as _ganglion_v1_Member, Member__Output as _ganglion_v1_Member__Output } from '../../ganglion/v1/Member.ts';
import type { PeerAddress as _ganglion_v1_PeerAddress, PeerAddress__Output as _ganglion_v1_PeerAddress__Output } from '../../ganglion/v1/PeerAddress.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Join a run's generation.
 */
export interface Assignment {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation.
   */
  'generation'?: (number | string | Long);
  /**
   * The resolved run config, as JSON.
   */
  'configJson'?: (string);
  /**
   * Samples in the training set.
   */
  'datasetSize'?: (number | string | Long);
  /**
   * Values in one sample.
   */
  'sampleSize'?: (number);
  /**
   * Phases applied in the state to start from.
   */
  'phase'?: (number | string | Long);
  /**
   * Keep the state you hold (it is of that phase) instead of downloading one.
   */
  'keepState'?: (boolean);
  /**
   * Phases in the whole run.
   */
  'totalPhases'?: (number | string | Long);
  /**
   * Your place in the generation. Rank 0 uploads checkpoints and pictures.
   */
  'rank'?: (number);
  /**
   * All members, by rank.
   */
  'members'?: (_ganglion_v1_Member)[];
  /**
   * Where each member listens, by rank.
   */
  'peers'?: (_ganglion_v1_PeerAddress)[];
  /**
   * The road of the all-reduce: direct or star.
   */
  'road'?: (string);
  /**
   * Secret of this generation, with which members know each other.
   */
  'meshKey'?: (string);
  /**
   * Rank of the member to fetch the state from, where it is newer than every checkpoint; absent: from the coordinator.
   */
  'sourceRank'?: (number);
  '_sourceRank'?: "sourceRank";
}

/**
 * Join a run's generation.
 */
export interface Assignment__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation.
   */
  'generation': (number);
  /**
   * The resolved run config, as JSON.
   */
  'configJson': (string);
  /**
   * Samples in the training set.
   */
  'datasetSize': (number);
  /**
   * Values in one sample.
   */
  'sampleSize': (number);
  /**
   * Phases applied in the state to start from.
   */
  'phase': (number);
  /**
   * Keep the state you hold (it is of that phase) instead of downloading one.
   */
  'keepState': (boolean);
  /**
   * Phases in the whole run.
   */
  'totalPhases': (number);
  /**
   * Your place in the generation. Rank 0 uploads checkpoints and pictures.
   */
  'rank': (number);
  /**
   * All members, by rank.
   */
  'members': (_ganglion_v1_Member__Output)[];
  /**
   * Where each member listens, by rank.
   */
  'peers': (_ganglion_v1_PeerAddress__Output)[];
  /**
   * The road of the all-reduce: direct or star.
   */
  'road': (string);
  /**
   * Secret of this generation, with which members know each other.
   */
  'meshKey': (string);
  /**
   * Rank of the member to fetch the state from, where it is newer than every checkpoint; absent: from the coordinator.
   */
  'sourceRank'?: (number);
  '_sourceRank'?: "sourceRank";
}
