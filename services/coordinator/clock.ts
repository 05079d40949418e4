/** Time, as the coordinator needs it. */
import { nowMs } from '../trace/span.ts';

export interface CoordinatorClock {
  /** Since 1970. */
  nowMs(): number;
  /** Since 1970 by the time at the start, in fractions: never goes back. */
  elapsedMs(): number;
  /** Calls back again and again; the returned function calls it off. */
  every(ms: number, then: () => void): () => void;
}

export const REAL_CLOCK: CoordinatorClock = {
  nowMs: () => Date.now(),
  elapsedMs: nowMs,
  every(ms, then) {
    const timer = setInterval(then, ms);
    return () => clearInterval(timer);
  },
};
