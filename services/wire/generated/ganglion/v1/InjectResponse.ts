// Original file: proto/ganglion/v1/run.proto


/**
 * The fault is on its way.
 */
export interface InjectResponse {
}

/**
 * The fault is on its way.
 */
export interface InjectResponse__Output {
}
