// Original file: proto/ganglion/v1/run.proto

import type { Device as _ganglion_v1_Device, Device__Output as _ganglion_v1_Device__Output } from '../../ganglion/v1/Device.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One connected worker.
 */
export interface Worker {
  /**
   * Its id.
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
   * The run that it works for; empty when idle.
   */
  'runId'?: (string);
  /**
   * Phases that it holds of that run.
   */
  'phase'?: (number | string | Long);
  /**
   * What it was last seen doing.
   */
  'activity'?: (string);
  /**
   * When it connected, in milliseconds since 1970.
   */
  'connectedAtMs'?: (number | string | Long);
}

/**
 * One connected worker.
 */
export interface Worker__Output {
  /**
   * Its id.
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
   * The run that it works for; empty when idle.
   */
  'runId': (string);
  /**
   * Phases that it holds of that run.
   */
  'phase': (number);
  /**
   * What it was last seen doing.
   */
  'activity': (string);
  /**
   * When it connected, in milliseconds since 1970.
   */
  'connectedAtMs': (number);
}
