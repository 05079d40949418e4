/** What the coordinator itself does while a run of it is traced. */
import type { Span } from '../../trace/span.ts';

/** Before a worker has begun with the phases, only the newest count. */
const BEFORE_MAX = 1_000;
const SPANS_MAX = 100_000;

export class OwnSpans {
  readonly #spans: Span[] = [];
  #stage: { readonly name: string; readonly beginMs: number } | undefined;
  #hasBegun = false;
  #dropped = 0;

  span(span: Span): void {
    if (this.#spans.length >= SPANS_MAX) {
      this.#dropped += 1;
      return;
    }
    this.#spans.push(span);
    if (!this.#hasBegun && this.#spans.length > 2 * BEFORE_MAX) this.#spans.splice(0, BEFORE_MAX);
  }

  /** From now on the run is in this stage. */
  stage(name: string, nowMs: number): void {
    if (this.#stage?.name === name) return;
    this.#endStage(nowMs);
    this.#stage = { name, beginMs: nowMs };
  }

  /** A worker has recorded something. */
  begun(): void {
    this.#hasBegun = true;
  }

  take(nowMs: number): { spans: readonly Span[]; dropped: number } {
    this.#endStage(nowMs);
    return { spans: this.#spans, dropped: this.#dropped };
  }

  #endStage(nowMs: number): void {
    if (this.#stage) this.span({ track: 'generation', ...this.#stage, endMs: nowMs });
  }
}
