/** Which workers compute no gradient now, and may measure checkpoints. */
import type { Draft } from './draft.ts';
import type { RunningEvaluation, WorkerRecord } from './state.ts';

/** Who was lost so often in a row while it measured is asked no more: each time that costs a run one of its workers. */
const LOSSES_MAX = 2;

/** Those that may be asked to measure: first who works for no run, then hot spares; of each in the order in which they came. */
export function sparesFor(draft: Draft, { runId, parts, gone }: RunningEvaluation): string[] {
  const { losses } = draft.evaluations;
  const busy = new Set(parts.map(({ workerId }) => workerId));
  const able = draft.workerIds().flatMap((workerId) => {
    const worker = draft.worker(workerId);
    if (!worker?.evaluates || worker.draining || worker.barredUntilMs > draft.nowMs) return [];
    const isUnfit = worker.cannotMeasure.has(runId) || (losses.get(workerId) ?? 0) >= LOSSES_MAX;
    const isAsked = busy.has(workerId) || gone.has(workerId);
    return isUnfit || isAsked || !isSpare(draft, worker) ? [] : [worker];
  });
  const isHot = ({ runId: works }: WorkerRecord) => Number(works !== undefined);
  return able
    .sort((a, b) => isHot(a) - isHot(b) || a.connectedAtMs - b.connectedAtMs || (a.workerId < b.workerId ? -1 : 1))
    .map(({ workerId }) => workerId);
}

/** A member of a generation that is being formed or dissolved may get shards at any moment. */
function isSpare(draft: Draft, worker: WorkerRecord): boolean {
  if (worker.runId === undefined) return true;
  return draft.run(worker.runId).stage === 'training' && !ownsShards(draft, worker);
}

export function ownsShards(draft: Draft, { workerId, runId }: WorkerRecord): boolean {
  if (runId === undefined) return false;
  return draft.run(runId).members.some((member) => member.workerId === workerId && member.shards.length > 0);
}
