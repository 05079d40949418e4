/** What strangers can cause is said now and then: a log that they can fill is theirs. */

const EVERY_MS = 1_000;

/** At most one a second; how many were left out is said with the next. */
export function sparingly(say: (text: string) => void, nowMs: () => number = Date.now): (text: string) => void {
  let saidAtMs = Number.NEGATIVE_INFINITY;
  let leftOut = 0;
  return (text) => {
    if (nowMs() - saidAtMs < EVERY_MS) {
      leftOut += 1;
      return;
    }
    say(leftOut === 0 ? text : `${text} (${leftOut} others since the last one)`);
    saidAtMs = nowMs();
    leftOut = 0;
  };
}
