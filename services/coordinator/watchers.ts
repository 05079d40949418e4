/** People who watch runs: history from disk first, then live events, without a gap and without a repeat. */
import { isFinal, type RunEvent, type RunState } from '../report/runEvent.ts';

/** A watcher that does not read keeps at most so many events (about 0.4 MB); its oldest phase events go first. */
const BUFFERED_EVENTS_MAX = 1_024;

interface Watcher {
  readonly buffer: RunEvent[];
  wake: () => void;
}

export class Watchers {
  readonly #byRun = new Map<string, Set<Watcher>>();
  /** Runs whose last told state is final: nothing more will come until somebody resumes them. */
  readonly #ended = new Set<string>();

  /** The state that a run was last told to be in. */
  standsAt(runId: string, state: RunState): void {
    if (isFinal(state)) this.#ended.add(runId);
    else this.#ended.delete(runId);
  }

  tell(event: RunEvent): void {
    if (event.kind === 'state') this.standsAt(event.runId, event.state);
    for (const watcher of this.#byRun.get(event.runId) ?? []) {
      watcher.buffer.push(event);
      if (watcher.buffer.length > BUFFERED_EVENTS_MAX) dropOldestPhase(watcher.buffer);
      watcher.wake();
    }
  }

  /**
   * The history, then live events, until the run has ended and everything was given. `caughtUp` is called between the two.
   */
  async *watch(
    runId: string,
    history: AsyncIterable<RunEvent>,
    fromSequence: number,
    signal: AbortSignal,
    caughtUp: () => void = () => undefined,
  ): AsyncIterable<RunEvent> {
    const watcher: Watcher = { buffer: [], wake: () => undefined };
    const watchers = this.#byRun.get(runId) ?? new Set();
    this.#byRun.set(runId, watchers.add(watcher));
    const onAbort = () => watcher.wake();
    signal.addEventListener('abort', onAbort);
    try {
      let last = fromSequence - 1;
      for await (const event of history) {
        if (signal.aborted) return;
        last = event.sequence;
        yield event;
      }
      caughtUp();
      while (!signal.aborted) {
        const event = watcher.buffer.shift();
        if (event) {
          if (event.sequence > last) yield event;
          continue;
        }
        if (this.#ended.has(runId)) return;
        await new Promise<void>((resolve) => {
          watcher.wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      watchers.delete(watcher);
      if (watchers.size === 0) this.#byRun.delete(runId);
    }
  }
}

function dropOldestPhase(buffer: RunEvent[]): void {
  const index = buffer.findIndex((event) => event.kind === 'phase');
  buffer.splice(Math.max(index, 0), 1);
}
