// Original file: proto/ganglion/v1/run.proto


/**
 * Which file.
 */
export interface FetchArtifactRequest {
  /**
   * The run's id.
   */
  'runId'?: (string);
  /**
   * Path inside the run folder, with forward slashes.
   */
  'name'?: (string);
}

/**
 * Which file.
 */
export interface FetchArtifactRequest__Output {
  /**
   * The run's id.
   */
  'runId': (string);
  /**
   * Path inside the run folder, with forward slashes.
   */
  'name': (string);
}
