// Original file: proto/ganglion/v1/worker.proto


/**
 * The session is open.
 */
export interface Welcome {
  /**
   * The coordinator's id: changes at every start of it.
   */
  'coordinatorId'?: (string);
  /**
   * How often to send Heartbeat, in milliseconds: a fifth of failure_detection_ms.
   */
  'heartbeatIntervalMs'?: (number);
  /**
   * After so long a silence a worker, or a road, is taken for lost. Every other wait follows from it.
   */
  'failureDetectionMs'?: (number);
}

/**
 * The session is open.
 */
export interface Welcome__Output {
  /**
   * The coordinator's id: changes at every start of it.
   */
  'coordinatorId': (string);
  /**
   * How often to send Heartbeat, in milliseconds: a fifth of failure_detection_ms.
   */
  'heartbeatIntervalMs': (number);
  /**
   * After so long a silence a worker, or a road, is taken for lost. Every other wait follows from it.
   */
  'failureDetectionMs': (number);
}
