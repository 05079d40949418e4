/** What is asked of runs when they are scraped, and not told with every message. */
import type { RunState } from '../report/runEvent.ts';

/** Each has one series; of more workers the slowest are shown. */
const WORKERS_MAX = 256;

export interface LiveRun {
  readonly runId: string;
  readonly state: RunState;
  readonly workersMin: number;
  readonly members: readonly {
    readonly workerId: string;
    /** Undefined where it gives no gradient, or has not reported yet. */
    readonly computeSeconds: number | undefined;
  }[];
}

/** The WORKERS_MAX slowest of all runs. */
export function slowestWorkers(runs: readonly LiveRun[]): { run: string; worker: string; seconds: number }[] {
  return runs
    .flatMap(({ runId: run, members }) =>
      members.flatMap(({ workerId: worker, computeSeconds: seconds }) =>
        seconds === undefined ? [] : [{ run, worker, seconds }],
      ),
    )
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, WORKERS_MAX);
}
