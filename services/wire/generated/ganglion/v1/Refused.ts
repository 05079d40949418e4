// Original file: proto/ganglion/v1/worker.proto


/**
 * The session is refused.
 */
export interface Refused {
  /**
   * What was found, and what is allowed.
   */
  'message'?: (string);
  /**
   * What to do next.
   */
  'remedy'?: (string);
}

/**
 * The session is refused.
 */
export interface Refused__Output {
  /**
   * What was found, and what is allowed.
   */
  'message': (string);
  /**
   * What to do next.
   */
  'remedy': (string);
}
