// Original file: proto/ganglion/v1/worker.proto


/**
 * Forget the run.
 */
export interface Release {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The sentence that explains it.
   */
  'why'?: (string);
}

/**
 * Forget the run.
 */
export interface Release__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The sentence that explains it.
   */
  'why': (string);
}
