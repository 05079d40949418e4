/**
 * Somebody who is told of runs, behind training and never in its way: whoever cannot go on with a run is told of once, and the
 * run goes on without.
 */
import type { RunConfig } from '../config/runConfig.ts';
import type { RunEvent } from '../report/runEvent.ts';
import type { RunEventLog } from './eventLog.ts';
import { HistoryFollower } from './historyFollower.ts';

export interface FollowedRun {
  readonly runId: string;
  readonly config: RunConfig;
  readonly history: Pick<RunEventLog, 'read' | 'folder'>;
}

/** Follows one run until its follower ends. When `closing` is aborted, nothing may be waited for any more. */
export type Follow = (run: FollowedRun, follower: HistoryFollower, closing: AbortSignal) => Promise<void>;

export class RunFollowers {
  readonly #follow: Follow;
  readonly #failed: (runId: string, error: unknown) => void;
  readonly #runs = new Map<string, FollowedRun>();
  readonly #followers = new Map<string, { readonly follower: HistoryFollower; readonly done: Promise<void> }>();
  readonly #closing = new AbortController();

  constructor(follow: Follow, failed: (runId: string, error: unknown) => void) {
    this.#follow = follow;
    this.#failed = failed;
  }

  /** Takes up a run, before its first event is offered. */
  addRun(run: FollowedRun): void {
    this.#runs.set(run.runId, run);
  }

  /** Never waits, never throws. The event must be in the run's history already; a run that was not taken up is left alone. */
  offer(event: RunEvent): void {
    const run = this.#runs.get(event.runId);
    if (run === undefined || this.#closing.signal.aborted) return;
    // A run that tells nothing any more costs nothing.
    const begun = this.#followers.get(event.runId) ?? this.#begin(run);
    begun.follower.offer(event);
  }

  /** What was offered is handed on when this resolves, where that can be. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const { follower } of this.#followers.values()) follower.close();
    await Promise.all([...this.#followers.values()].map(({ done }) => done));
  }

  #begin(run: FollowedRun) {
    const follower = new HistoryFollower(run.history);
    const done = this.#follow(run, follower, this.#closing.signal).catch((error: unknown) => {
      this.#runs.delete(run.runId);
      this.#failed(run.runId, error);
    });
    const begun = { follower, done };
    this.#followers.set(run.runId, begun);
    return begun;
  }
}
