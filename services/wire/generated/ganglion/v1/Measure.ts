// Original file: proto/ganglion/v1/run.proto


/**
 * One measure of samples.
 */
export interface Measure {
  /**
   * Its name, such as mmd2.
   */
  'name'?: (string);
  /**
   * What was found.
   */
  'value'?: (number | string);
  /**
   * Absent where the metric's protocol has none.
   */
  'standardError'?: (number | string);
  '_standardError'?: "standardError";
}

/**
 * One measure of samples.
 */
export interface Measure__Output {
  /**
   * Its name, such as mmd2.
   */
  'name': (string);
  /**
   * What was found.
   */
  'value': (number);
  /**
   * Absent where the metric's protocol has none.
   */
  'standardError'?: (number);
  '_standardError'?: "standardError";
}
