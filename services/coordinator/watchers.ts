/** People who watch runs: history from disk first, then live events, without a gap and without a repeat. */
import type { RunEvent } from '../report/runEvent.ts';

/** A watcher that does not read keeps at most so many events (about 0.4 MB); its oldest phase events go first. */
const BUFFERED_EVENTS_MAX = 1_024;

interface Watcher {
  readonly buffer: RunEvent[];
  wake: () => void;
}

export class Watchers {
  readonly #byRun = new Map<string, Set<Watcher>>();

  tell(event: RunEvent): void {
    for (const watcher of this.#byRun.get(event.runId) ?? []) {
      watcher.buffer.push(event);
      if (watcher.buffer.length > BUFFERED_EVENTS_MAX) dropOldestPhase(watcher.buffer);
      watcher.wake();
    }
  }

  /** Events from `fromSequence` on, until `ended()` says that no more will come and all were given. */
  async *watch(
    runId: string,
    history: AsyncIterable<RunEvent>,
    ended: () => boolean,
    signal: AbortSignal,
  ): AsyncIterable<RunEvent> {
    const watcher: Watcher = { buffer: [], wake: () => undefined };
    const watchers = this.#byRun.get(runId) ?? new Set();
    this.#byRun.set(runId, watchers.add(watcher));
    const onAbort = () => watcher.wake();
    signal.addEventListener('abort', onAbort);
    try {
      let last = -1;
      for await (const event of history) {
        if (signal.aborted) return;
        last = event.sequence;
        yield event;
      }
      while (!signal.aborted) {
        const event = watcher.buffer.shift();
        if (event) {
          if (event.sequence > last) yield event;
          continue;
        }
        if (ended()) return;
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

  /** Lets every watcher look again whether it has ended. */
  wakeAll(): void {
    for (const watchers of this.#byRun.values()) for (const watcher of watchers) watcher.wake();
  }
}

function dropOldestPhase(buffer: RunEvent[]): void {
  const index = buffer.findIndex((event) => event.kind === 'phase');
  buffer.splice(Math.max(index, 0), 1);
}
