// Original file: proto/ganglion/v1/run.proto


/**
 * Which run.
 */
export interface PauseRunRequest {
  /**
   * Its id.
   */
  'runId'?: (string);
}

/**
 * Which run.
 */
export interface PauseRunRequest__Output {
  /**
   * Its id.
   */
  'runId': (string);
}
