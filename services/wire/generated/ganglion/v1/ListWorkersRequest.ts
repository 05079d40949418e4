// Original file: proto/ganglion/v1/run.proto


/**
 * All workers.
 */
export interface ListWorkersRequest {
}

/**
 * All workers.
 */
export interface ListWorkersRequest__Output {
}
