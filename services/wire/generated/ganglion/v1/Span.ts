// Original file: proto/ganglion/v1/run.proto


/**
 * Something that took its time.
 */
export interface Span {
  /**
   * What it was done by, within the process.
   */
  'track'?: (string);
  /**
   * What was done.
   */
  'name'?: (string);
  /**
   * When it began, in milliseconds on the clock of its process.
   */
  'beginMs'?: (number | string);
  /**
   * When it ended.
   */
  'endMs'?: (number | string);
}

/**
 * Something that took its time.
 */
export interface Span__Output {
  /**
   * What it was done by, within the process.
   */
  'track': (string);
  /**
   * What was done.
   */
  'name': (string);
  /**
   * When it began, in milliseconds on the clock of its process.
   */
  'beginMs': (number);
  /**
   * When it ended.
   */
  'endMs': (number);
}
