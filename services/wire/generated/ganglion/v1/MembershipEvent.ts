// Original file: proto/ganglion/v1/run.proto

import type { Member as _ganglion_v1_Member, Member__Output as _ganglion_v1_Member__Output } from '../../ganglion/v1/Member.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * The run's workers changed.
 */
export interface MembershipEvent {
  /**
   * The generation that begins.
   */
  'generation'?: (number | string | Long);
  /**
   * Committed phases at that moment.
   */
  'phase'?: (number | string | Long);
  /**
   * The members, by rank.
   */
  'members'?: (_ganglion_v1_Member)[];
  /**
   * The sentence that explains the change.
   */
  'why'?: (string);
}

/**
 * The run's workers changed.
 */
export interface MembershipEvent__Output {
  /**
   * The generation that begins.
   */
  'generation': (number);
  /**
   * Committed phases at that moment.
   */
  'phase': (number);
  /**
   * The members, by rank.
   */
  'members': (_ganglion_v1_Member__Output)[];
  /**
   * The sentence that explains the change.
   */
  'why': (string);
}
