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
   * How often to send Heartbeat, in milliseconds.
   */
  'heartbeatIntervalMs'?: (number);
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
   * How often to send Heartbeat, in milliseconds.
   */
  'heartbeatIntervalMs': (number);
}
