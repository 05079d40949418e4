// Original file: proto/ganglion/v1/worker.proto


/**
 * The worker wants to leave.
 */
export interface Draining {
  /**
   * Why.
   */
  'why'?: (string);
}

/**
 * The worker wants to leave.
 */
export interface Draining__Output {
  /**
   * Why.
   */
  'why': (string);
}
