// Original file: proto/ganglion/v1/run.proto


/**
 * Which run.
 */
export interface CancelRunRequest {
  /**
   * Its id.
   */
  'runId'?: (string);
}

/**
 * Which run.
 */
export interface CancelRunRequest__Output {
  /**
   * Its id.
   */
  'runId': (string);
}
