/** What the live page asks of the coordinator. It never changes anything there. */
import type { RunConfig } from '../../config/runConfig.ts';
import type { RunEvent } from '../../report/runEvent.ts';
import type { Lane, RunGlance, WorkerView } from '../../report/runView.ts';

/** What names a run throws `not-found` where there is none. */
export interface PageSource {
  /** Oldest first. */
  glances(): readonly RunGlance[];
  glance(runId: string): RunGlance;
  lanes(runId: string): readonly Lane[];
  game(runId: string): { readonly config: RunConfig; readonly shape: readonly number[] };
  listWorkers(): readonly WorkerView[];
  /** Ends with the run, if it ends; `caughtUp` is called between history and live events. */
  watchRun(runId: string, fromSequence: number, signal: AbortSignal, caughtUp: () => void): AsyncIterable<RunEvent>;
  /** Throws `not-found`, or `invalid-argument` for a name that leads out of the run folder. */
  fetchArtifact(runId: string, name: string): AsyncIterable<Uint8Array>;
}
