// Original file: proto/ganglion/v1/worker.proto


/**
 * A fault to meet on purpose.
 */
export interface Fault {
  /**
   * kill, stop, partition, slow, corrupt, nan or flip.
   */
  'kind'?: (string);
  /**
   * How long it lasts, where it has a length, in milliseconds.
   */
  'durationMs'?: (number);
}

/**
 * A fault to meet on purpose.
 */
export interface Fault__Output {
  /**
   * kill, stop, partition, slow, corrupt, nan or flip.
   */
  'kind': (string);
  /**
   * How long it lasts, where it has a length, in milliseconds.
   */
  'durationMs': (number);
}
