// Original file: proto/ganglion/v1/run.proto


/**
 * All runs.
 */
export interface ListRunsRequest {
}

/**
 * All runs.
 */
export interface ListRunsRequest__Output {
}
