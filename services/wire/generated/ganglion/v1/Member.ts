// Original file: proto/ganglion/v1/run.proto


/**
 * One worker of a generation.
 */
export interface Member {
  /**
   * Its id.
   */
  'workerId'?: (string);
  /**
   * Its place in the generation, from 0.
   */
  'rank'?: (number);
  /**
   * The logical shards that it owns.
   */
  'shards'?: (number)[];
}

/**
 * One worker of a generation.
 */
export interface Member__Output {
  /**
   * Its id.
   */
  'workerId': (string);
  /**
   * Its place in the generation, from 0.
   */
  'rank': (number);
  /**
   * The logical shards that it owns.
   */
  'shards': (number)[];
}
