// Original file: proto/ganglion/v1/worker.proto


/**
 * The state is durable.
 */
export interface UploadStateResponse {
  /**
   * SHA-256 of G's and D's weights in hex.
   */
  'weightsSha256'?: (string);
}

/**
 * The state is durable.
 */
export interface UploadStateResponse__Output {
  /**
   * SHA-256 of G's and D's weights in hex.
   */
  'weightsSha256': (string);
}
