// Original file: proto/ganglion/v1/worker.proto

import type { Device as _ganglion_v1_Device, Device__Output as _ganglion_v1_Device__Output } from '../../ganglion/v1/Device.ts';
import type { PeerAddress as _ganglion_v1_PeerAddress, PeerAddress__Output as _ganglion_v1_PeerAddress__Output } from '../../ganglion/v1/PeerAddress.ts';
import type { HeldState as _ganglion_v1_HeldState, HeldState__Output as _ganglion_v1_HeldState__Output } from '../../ganglion/v1/HeldState.ts';

/**
 * First message of a session.
 */
export interface Hello {
  /**
   * Version of this protocol: 1. Another one is refused.
   */
  'protocolVersion'?: (number);
  /**
   * Unique id, chosen by the worker; a second session with it replaces the first.
   */
  'workerId'?: (string);
  /**
   * Its machine.
   */
  'hostname'?: (string);
  /**
   * Its process id there.
   */
  'pid'?: (number);
  /**
   * What it computes on.
   */
  'device'?: (_ganglion_v1_Device | null);
  /**
   * Where other workers reach it.
   */
  'peer'?: (_ganglion_v1_PeerAddress | null);
  /**
   * The state that it still holds from an earlier session; absent where it holds none.
   */
  'held'?: (_ganglion_v1_HeldState | null);
  /**
   * It takes an EvaluationOrder. A worker of an older version does not, and is never asked.
   */
  'evaluates'?: (boolean);
}

/**
 * First message of a session.
 */
export interface Hello__Output {
  /**
   * Version of this protocol: 1. Another one is refused.
   */
  'protocolVersion': (number);
  /**
   * Unique id, chosen by the worker; a second session with it replaces the first.
   */
  'workerId': (string);
  /**
   * Its machine.
   */
  'hostname': (string);
  /**
   * Its process id there.
   */
  'pid': (number);
  /**
   * What it computes on.
   */
  'device': (_ganglion_v1_Device__Output | null);
  /**
   * Where other workers reach it.
   */
  'peer': (_ganglion_v1_PeerAddress__Output | null);
  /**
   * The state that it still holds from an earlier session; absent where it holds none.
   */
  'held': (_ganglion_v1_HeldState__Output | null);
  /**
   * It takes an EvaluationOrder. A worker of an older version does not, and is never asked.
   */
  'evaluates': (boolean);
}
