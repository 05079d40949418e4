// Original file: proto/ganglion/v1/run.proto


/**
 * Which fault.
 */
export interface InjectRequest {
  /**
   * The worker that meets it; empty for the coordinator.
   */
  'workerId'?: (string);
  /**
   * kill, stop, partition, slow, corrupt or nan; of the coordinator only kill.
   */
  'kind'?: (string);
  /**
   * How long it lasts, where it has a length, in milliseconds.
   */
  'durationMs'?: (number);
}

/**
 * Which fault.
 */
export interface InjectRequest__Output {
  /**
   * The worker that meets it; empty for the coordinator.
   */
  'workerId': (string);
  /**
   * kill, stop, partition, slow, corrupt or nan; of the coordinator only kill.
   */
  'kind': (string);
  /**
   * How long it lasts, where it has a length, in milliseconds.
   */
  'durationMs': (number);
}
