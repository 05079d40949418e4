/** What a process did when: spans on named tracks. */

export interface Span {
  /** What it was done by, within the process. */
  readonly track: string;
  readonly name: string;
  /** On the clock of its process. */
  readonly beginMs: number;
  readonly endMs: number;
}

/** Milliseconds since the epoch, of a clock that never goes back within a thread: so that threads' spans fit together. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
