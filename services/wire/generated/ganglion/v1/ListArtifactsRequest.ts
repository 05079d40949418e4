// Original file: proto/ganglion/v1/run.proto


/**
 * Which run.
 */
export interface ListArtifactsRequest {
  /**
   * Its id.
   */
  'runId'?: (string);
}

/**
 * Which run.
 */
export interface ListArtifactsRequest__Output {
  /**
   * Its id.
   */
  'runId': (string);
}
