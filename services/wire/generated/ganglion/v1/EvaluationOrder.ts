// Original file: proto/ganglion/v1/worker.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Measure a checkpoint in a process of the lowest priority. Another order takes its place.
 */
export interface EvaluationOrder {
  /**
   * Names the order, and lets its state be downloaded.
   */
  'evaluationId'?: (number | string | Long);
  /**
   * The run.
   */
  'runId'?: (string);
  /**
   * Phases applied in the checkpoint.
   */
  'phase'?: (number | string | Long);
  /**
   * Phases in the whole run.
   */
  'totalPhases'?: (number | string | Long);
  /**
   * Values in one sample.
   */
  'sampleSize'?: (number);
  /**
   * The resolved run config, as JSON.
   */
  'configJson'?: (string);
  /**
   * What to measure, by the names that `ganglion evaluate --metrics` takes.
   */
  'metrics'?: (string)[];
  /**
   * Names the training set, in hex: data of the same path that differ are not measured against.
   */
  'dataSha256'?: (string);
}

/**
 * Measure a checkpoint in a process of the lowest priority. Another order takes its place.
 */
export interface EvaluationOrder__Output {
  /**
   * Names the order, and lets its state be downloaded.
   */
  'evaluationId': (number);
  /**
   * The run.
   */
  'runId': (string);
  /**
   * Phases applied in the checkpoint.
   */
  'phase': (number);
  /**
   * Phases in the whole run.
   */
  'totalPhases': (number);
  /**
   * Values in one sample.
   */
  'sampleSize': (number);
  /**
   * The resolved run config, as JSON.
   */
  'configJson': (string);
  /**
   * What to measure, by the names that `ganglion evaluate --metrics` takes.
   */
  'metrics': (string)[];
  /**
   * Names the training set, in hex: data of the same path that differ are not measured against.
   */
  'dataSha256': (string);
}
