// Original file: proto/ganglion/v1/run.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What a worker computes on. Runs promise the same bits per device class and thread count.
 */
export interface Device {
  /**
   * cuda, tensorflow, wasm or cpu.
   */
  'backend'?: (string);
  /**
   * Version of the library behind it.
   */
  'backendVersion'?: (string);
  /**
   * Backend, version and processor family: workers of one run must agree on it.
   */
  'deviceClass'?: (string);
  /**
   * Threads inside one op.
   */
  'intraOpThreads'?: (number);
  /**
   * Processor cores that the worker may use.
   */
  'cores'?: (number);
  /**
   * Memory of the machine, in bytes.
   */
  'memoryBytes'?: (number | string | Long);
  /**
   * Node.js version.
   */
  'runtime'?: (string);
}

/**
 * What a worker computes on. Runs promise the same bits per device class and thread count.
 */
export interface Device__Output {
  /**
   * cuda, tensorflow, wasm or cpu.
   */
  'backend': (string);
  /**
   * Version of the library behind it.
   */
  'backendVersion': (string);
  /**
   * Backend, version and processor family: workers of one run must agree on it.
   */
  'deviceClass': (string);
  /**
   * Threads inside one op.
   */
  'intraOpThreads': (number);
  /**
   * Processor cores that the worker may use.
   */
  'cores': (number);
  /**
   * Memory of the machine, in bytes.
   */
  'memoryBytes': (number);
  /**
   * Node.js version.
   */
  'runtime': (string);
}
