// Original file: proto/ganglion/v1/run.proto


/**
 * Which worker.
 */
export interface DrainWorkerRequest {
  /**
   * Its id.
   */
  'workerId'?: (string);
}

/**
 * Which worker.
 */
export interface DrainWorkerRequest__Output {
  /**
   * Its id.
   */
  'workerId': (string);
}
