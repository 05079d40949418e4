/**
 * Every time-out of a running cluster follows from one setting, the failure detection T: how long a silence may last
 * before somebody is taken for lost (`ganglion coordinator --failure-detection`, told to workers in Welcome).
 *
 *   T / 5   heartbeat interval: four may be lost on the way
 *   T       a silent worker is lost; a run whose phase does not move is called stalled
 *   T / 2   a dial between workers, its handshake included
 *   T/2 · 2ᵏ  a dial of the coordinator after k that were not answered, its welcome included, up to 4 T
 *   2 · T   a worker whose road broke waits so long for the coordinator's halt: T until the silence is noticed, and as
 *           much again for a busy coordinator. Then it says that the road is blocked
 *   T       a coordinator that was started again waits so long for the workers that it had
 *   T · 2ᵏ  a worker that failed k times before rests, up to 32 T (`core/said.ts`)
 *   T · 2ᵏ  a worker that was lost k + 2 times without a new phase is not asked for, up to 512 T (`core/restless.ts`)
 *   12 T · 2ᵏ  a direct road that was blocked k times before is tried again, up to 384 T (`core/road.ts`)
 *   6 T · 2ᵏ   shards that moved to faster workers k times before may move again, up to 192 T (`core/reports.ts`)
 *
 * A process that ends is noticed at once, by the end of its connections: T is for those that hang or cannot be reached.
 */
export const FAILURE_DETECTION_MS = 5_000;

/** Of the wait for a welcome: a coordinator that is busy, or far away, gets its time. */
const WELCOME_DOUBLINGS_MAX = 3;

export interface Waits {
  readonly heartbeatMs: number;
  readonly silenceMs: number;
  readonly dialMs: number;
  readonly haltMs: number;
  readonly returnMs: number;
}

export function waitsOf(failureDetectionMs: number): Waits {
  return {
    heartbeatMs: failureDetectionMs / 5,
    silenceMs: failureDetectionMs,
    dialMs: failureDetectionMs / 2,
    haltMs: 2 * failureDetectionMs,
    returnMs: failureDetectionMs,
  };
}

/** How long a worker waits for its welcome after so many dials that got none. */
export function welcomeMs(failureDetectionMs: number, unanswered: number): number {
  return waitsOf(failureDetectionMs).dialMs * 2 ** Math.min(unanswered, WELCOME_DOUBLINGS_MAX);
}
