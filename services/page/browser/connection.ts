/** The stream of events from the coordinator, for as long as the page is open: it dials again by itself, and misses nothing. */
import type { Overview, Problem, RunFrame } from '../live/frame.ts';

export interface Listener {
  overview(overview: Overview): void;
  frame(frame: RunFrame): void;
  problem(problem: Problem): void;
  /** Whether the coordinator is heard. */
  connected(isConnected: boolean): void;
}

const RETRY_MS = { first: 500, most: 8_000 };

export class Connection {
  readonly #listener: Listener;
  #source: EventSource | undefined;
  #retry: number | undefined;
  #retryMs = RETRY_MS.first;
  #runId: string | undefined;
  /** Up to where the run is known. */
  #cursor = '';

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  /** @param runId undefined: only the overview. */
  look(runId: string | undefined): void {
    this.#runId = runId;
    this.#cursor = '';
    this.#dial();
  }

  #dial(): void {
    this.#source?.close();
    clearTimeout(this.#retry);
    const asked = new URLSearchParams();
    if (this.#runId !== undefined) asked.set('run', this.#runId);
    if (this.#cursor !== '') asked.set('after', this.#cursor);
    const source = new EventSource(`/events?${asked}`);
    this.#source = source;
    source.onopen = () => {
      this.#retryMs = RETRY_MS.first;
      this.#listener.connected(true);
    };
    source.onerror = () => {
      this.#listener.connected(false);
      // The browser dials again after most errors, but not after an answer that is no stream.
      if (source.readyState !== EventSource.CLOSED) return;
      this.#retry = setTimeout(() => this.#dial(), this.#retryMs);
      this.#retryMs = Math.min(2 * this.#retryMs, RETRY_MS.most);
    };
    source.addEventListener('overview', ({ data }) => this.#listener.overview(JSON.parse(data)));
    source.addEventListener('problem', ({ data }) => this.#listener.problem(JSON.parse(data)));
    source.addEventListener('run', ({ data, lastEventId }) => {
      this.#cursor = lastEventId;
      this.#listener.frame(JSON.parse(data));
    });
  }
}
