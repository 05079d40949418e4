// Original file: proto/ganglion/v1/run.proto


/**
 * How long the parts of a phase took on one worker, in milliseconds.
 */
export interface Timings {
  /**
   * Shard gradients.
   */
  'computeMs'?: (number | string);
  /**
   * The all-reduce.
   */
  'exchangeMs'?: (number | string);
  /**
   * Waiting for the minibatch.
   */
  'waitMs'?: (number | string);
  /**
   * Applying the mean gradient.
   */
  'applyMs'?: (number | string);
}

/**
 * How long the parts of a phase took on one worker, in milliseconds.
 */
export interface Timings__Output {
  /**
   * Shard gradients.
   */
  'computeMs': (number);
  /**
   * The all-reduce.
   */
  'exchangeMs': (number);
  /**
   * Waiting for the minibatch.
   */
  'waitMs': (number);
  /**
   * Applying the mean gradient.
   */
  'applyMs': (number);
}
