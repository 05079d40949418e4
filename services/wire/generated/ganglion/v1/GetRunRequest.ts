// Original file: proto/ganglion/v1/run.proto


/**
 * Which run.
 */
export interface GetRunRequest {
  /**
   * Its id.
   */
  'runId'?: (string);
}

/**
 * Which run.
 */
export interface GetRunRequest__Output {
  /**
   * Its id.
   */
  'runId': (string);
}
