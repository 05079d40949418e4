// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Permission to send more minibatches. The first one opens the stream and names run, generation and start.
 */
export interface MinibatchCredit {
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * The generation.
   */
  'generation'?: (number | string | Long);
  /**
   * Who asks; its shards follow from the generation's members.
   */
  'workerId'?: (string);
  /**
   * First phase wanted; read from the first message only.
   */
  'fromPhase'?: (number | string | Long);
  /**
   * Minibatches that may be sent in addition to those already allowed.
   */
  'minibatches'?: (number);
}

/**
 * Permission to send more minibatches. The first one opens the stream and names run, generation and start.
 */
export interface MinibatchCredit__Output {
  /**
   * The run.
   */
  'runId': (string);
  /**
   * The generation.
   */
  'generation': (number);
  /**
   * Who asks; its shards follow from the generation's members.
   */
  'workerId': (string);
  /**
   * First phase wanted; read from the first message only.
   */
  'fromPhase': (number);
  /**
   * Minibatches that may be sent in addition to those already allowed.
   */
  'minibatches': (number);
}
