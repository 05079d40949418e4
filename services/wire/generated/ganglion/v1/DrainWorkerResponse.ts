// Original file: proto/ganglion/v1/run.proto


/**
 * The worker was asked.
 */
export interface DrainWorkerResponse {
}

/**
 * The worker was asked.
 */
export interface DrainWorkerResponse__Output {
}
