// Original file: proto/ganglion/v1/run.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Whose spans those are, and how they fit the others'.
 */
export interface TracedProcess {
  /**
   * Which: 0 is the coordinator.
   */
  'process'?: (number);
  /**
   * Its name: coordinator, or `worker` and the worker's id.
   */
  'name'?: (string);
  /**
   * What its clock is ahead of the coordinator's, in milliseconds; absent where it was never compared.
   */
  'clockOffsetMs'?: (number | string);
  /**
   * The offset is right within so much, in milliseconds: half of the round trip that it was measured in.
   */
  'clockUncertaintyMs'?: (number | string);
  /**
   * Why it did not record all; empty where it did.
   */
  'missing'?: (string);
  /**
   * Spans that found no room.
   */
  'dropped'?: (number | string | Long);
  '_clockOffsetMs'?: "clockOffsetMs";
}

/**
 * Whose spans those are, and how they fit the others'.
 */
export interface TracedProcess__Output {
  /**
   * Which: 0 is the coordinator.
   */
  'process': (number);
  /**
   * Its name: coordinator, or `worker` and the worker's id.
   */
  'name': (string);
  /**
   * What its clock is ahead of the coordinator's, in milliseconds; absent where it was never compared.
   */
  'clockOffsetMs'?: (number);
  /**
   * The offset is right within so much, in milliseconds: half of the round trip that it was measured in.
   */
  'clockUncertaintyMs': (number);
  /**
   * Why it did not record all; empty where it did.
   */
  'missing': (string);
  /**
   * Spans that found no room.
   */
  'dropped': (number);
  '_clockOffsetMs'?: "clockOffsetMs";
}
