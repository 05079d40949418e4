// Original file: proto/ganglion/v1/worker.proto


/**
 * A person asked the worker to go.
 */
export interface Drain {
  /**
   * Why.
   */
  'why'?: (string);
}

/**
 * A person asked the worker to go.
 */
export interface Drain__Output {
  /**
   * Why.
   */
  'why': (string);
}
