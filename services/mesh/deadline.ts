/**
 * A signal that aborts when its parent does, or when the time is up. `AbortSignal.any` of an `AbortSignal.timeout` would
 * be this; but Node 20 lets the garbage collector take the timeout before it fires (seen: a wait that never ended).
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #cut = () => this.#controller.abort(this.#parent.reason);
  #passed = false;

  constructor(parent: AbortSignal, ms: number) {
    this.#parent = parent;
    this.#timer = setTimeout(() => {
      this.#passed = true;
      this.#controller.abort(new Error(`nothing came within ${ms} ms`));
    }, ms);
    if (parent.aborted) this.#cut();
    else parent.addEventListener('abort', this.#cut);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The time was up before anything else happened. */
  get passed(): boolean {
    return this.#passed;
  }

  /** Aborts what still waits for it, and lets go of timer and parent. */
  end(): void {
    clearTimeout(this.#timer);
    this.#parent.removeEventListener('abort', this.#cut);
    this.#controller.abort();
  }
}
