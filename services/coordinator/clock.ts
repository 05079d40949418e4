/** Time, as the coordinator needs it. */
export interface CoordinatorClock {
  /** Since 1970. */
  nowMs(): number;
  /** Since some moment: never goes back. */
  elapsedMs(): number;
  /** Calls back again and again; the returned function calls it off. */
  every(ms: number, then: () => void): () => void;
}

export const REAL_CLOCK: CoordinatorClock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  every(ms, then) {
    const timer = setInterval(then, ms);
    return () => clearInterval(timer);
  },
};
