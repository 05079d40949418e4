/**
 * Workers that are lost again and again (out of memory, a supervisor that restarts them at once). Each time that one comes
 * and goes the others stop, and where no phase fits in between the run would never move: so it is taken only where there
 * are too few others.
 */
import type { Draft } from './draft.ts';
import type { RunRecord, WorkerRecord } from './state.ts';

/** The first loss is nobody's fault; from the second on 1, 2, 4, … failure detections, up to 512. */
const LOSSES_DOUBLED_MAX = 9;

/** A member was lost, and no phase that is new was committed since the last of its losses. */
export function noteLoss(draft: Draft, run: RunRecord, workerId: string): void {
  const count = (run.losses.get(workerId)?.count ?? 0) + 1;
  const restMs = count === 1 ? 0 : draft.failureDetectionMs * 2 ** Math.min(count - 2, LOSSES_DOUBLED_MAX);
  run.losses = new Map(run.losses).set(workerId, { count, untilMs: draft.nowMs + restMs });
}

export function isRestless({ nowMs }: Draft, run: RunRecord, { workerId }: WorkerRecord): boolean {
  return nowMs < (run.losses.get(workerId)?.untilMs ?? 0);
}
