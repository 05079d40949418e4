// Original file: proto/ganglion/v1/run.proto

/**
 * Where a run stands.
 */
export const RunState = {
  /**
   * Never sent.
   */
  RUN_STATE_UNSPECIFIED: 'RUN_STATE_UNSPECIFIED',
  /**
   * Accepted; waits for as many idle workers as it asked for.
   */
  RUN_STATE_QUEUED: 'RUN_STATE_QUEUED',
  /**
   * Its workers fetch the state that they start from.
   */
  RUN_STATE_STARTING: 'RUN_STATE_STARTING',
  /**
   * Phases are being committed.
   */
  RUN_STATE_RUNNING: 'RUN_STATE_RUNNING',
  /**
   * A worker was lost; the others keep their state until enough are there again.
   */
  RUN_STATE_WAITING: 'RUN_STATE_WAITING',
  /**
   * Asked to pause; its state is on the way to a checkpoint.
   */
  RUN_STATE_PAUSING: 'RUN_STATE_PAUSING',
  /**
   * Paused by a person; its newest checkpoint holds everything.
   */
  RUN_STATE_PAUSED: 'RUN_STATE_PAUSED',
  /**
   * Every phase is committed and the last checkpoint is on disk.
   */
  RUN_STATE_COMPLETED: 'RUN_STATE_COMPLETED',
  /**
   * Stopped by an error that repeating would not cure.
   */
  RUN_STATE_FAILED: 'RUN_STATE_FAILED',
  /**
   * Ended by a person.
   */
  RUN_STATE_CANCELLED: 'RUN_STATE_CANCELLED',
} as const;

/**
 * Where a run stands.
 */
export type RunState =
  /**
   * Never sent.
   */
  | 'RUN_STATE_UNSPECIFIED'
  | 0
  /**
   * Accepted; waits for as many idle workers as it asked for.
   */
  | 'RUN_STATE_QUEUED'
  | 1
  /**
   * Its workers fetch the state that they start from.
   */
  | 'RUN_STATE_STARTING'
  | 2
  /**
   * Phases are being committed.
   */
  | 'RUN_STATE_RUNNING'
  | 3
  /**
   * A worker was lost; the others keep their state until enough are there again.
   */
  | 'RUN_STATE_WAITING'
  | 4
  /**
   * Asked to pause; its state is on the way to a checkpoint.
   */
  | 'RUN_STATE_PAUSING'
  | 5
  /**
   * Paused by a person; its newest checkpoint holds everything.
   */
  | 'RUN_STATE_PAUSED'
  | 6
  /**
   * Every phase is committed and the last checkpoint is on disk.
   */
  | 'RUN_STATE_COMPLETED'
  | 7
  /**
   * Stopped by an error that repeating would not cure.
   */
  | 'RUN_STATE_FAILED'
  | 8
  /**
   * Ended by a person.
   */
  | 'RUN_STATE_CANCELLED'
  | 9

/**
 * Where a run stands.
 */
export type RunState__Output = typeof RunState[keyof typeof RunState]
