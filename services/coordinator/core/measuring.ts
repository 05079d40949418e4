/**
 * Who measures the checkpoint that is evaluated. Spare workers, if there are any: those that work for no run, then hot spares,
 * which compute no gradient; of each in the order in which they came. Else a process of the coordinator's own. What a worker
 * leaves undone another one takes, or the coordinator; what it cannot do the coordinator does.
 */
import { must } from '../../errors/invariant.ts';
import type { Metric } from '../../evaluate/measures.ts';
import { EVALUATION_MS_MAX } from '../../report/evaluation.ts';
import type { Draft } from './draft.ts';
import { shareMetrics } from './evaluationShares.ts';
import type { EvaluationPart, RunningEvaluation, WorkerRecord } from './state.ts';

/** Until a worker answers: in the ten minutes beside its process a checkpoint of 1 GB comes at 14 Mb/s. */
const PART_MS_MAX = EVALUATION_MS_MAX + 10 * 60 * 1000;

/** Takes back what was dealt to those who are not spare any more, then deals all that nobody measures. */
export function dealMetrics(draft: Draft): void {
  const { running } = draft.evaluations;
  if (!running) return;
  for (const part of running.parts) {
    const worker = part.workerId === undefined ? undefined : draft.worker(part.workerId);
    if (!worker) continue;
    if (draft.nowMs - part.dealtAtMs > PART_MS_MAX) giveUpOn(draft, worker, part, 'it took too long.');
    else if (worker.draining || ownsShards(draft, worker)) takeBackFrom(draft, worker.workerId);
    else continue;
    tellOver(draft, part);
  }
  dealToSpares(draft);
  dealToOwn(draft);
}

/** The worker measures no longer, and is not asked again for this checkpoint. @param why said where it is no matter of course. */
export function takeBackFrom(draft: Draft, workerId: string, why?: string): void {
  const { running } = draft.evaluations;
  const part = running?.parts.find((one) => one.workerId === workerId);
  if (!running || !part) return;
  const parts = running.parts.filter((one) => one !== part);
  change(draft, { parts, open: [...running.open, ...part.metrics], gone: new Set([...running.gone, workerId]) });
  if (why !== undefined) remark(draft, `${why} ${part.metrics.join(', ')} of ${placeOf(running)} goes to another.`);
}

/** The worker says that it cannot: here it is asked no more about this run, and the coordinator measures its part. */
export function giveUpOn(draft: Draft, worker: WorkerRecord, part: EvaluationPart, why: string): void {
  const { running } = draft.evaluations;
  if (!running) return;
  worker.cannotMeasure = new Set([...worker.cannotMeasure, running.runId]);
  const parts = running.parts.filter((one) => one !== part);
  change(draft, { parts, own: [...running.own, ...part.metrics] });
  const what = `${part.metrics.join(', ')} of ${placeOf(running)}`;
  remark(draft, `Worker ${worker.workerId} cannot measure ${what}, so the coordinator does: ${why}`);
}

/** Whoever still measures is told that nobody waits for it. */
export function callOff(draft: Draft, { parts }: RunningEvaluation): void {
  for (const part of parts) tellOver(draft, part);
}

function tellOver(draft: Draft, { partId, workerId }: EvaluationPart): void {
  if (workerId === undefined) return;
  draft.emit({ type: 'send', workerId, message: { type: 'evaluationOver', evaluationId: partId } });
}

function dealToSpares(draft: Draft): void {
  const { running } = draft.evaluations;
  if (!running || running.open.length === 0) return;
  const spares = sparesFor(draft, running);
  if (spares.length === 0) return;
  const { config, sampleSize, totalPhases, dataSha256 } = draft.run(running.runId);
  const run = { runId: running.runId, totalPhases, sampleSize, dataSha256, configJson: JSON.stringify(config) };
  for (const [index, metrics] of shareMetrics(running.open, spares.length).entries()) {
    const workerId = must(spares[index], 'spare worker');
    const evaluationId = dealTo(draft, workerId, metrics);
    const message = { type: 'evaluationOrder' as const, ...run, evaluationId, phase: running.phase, metrics };
    draft.emit({ type: 'send', workerId, message });
  }
}

/** One process at a time; what is open while it measures waits for it, or for a worker. */
function dealToOwn(draft: Draft): void {
  const { running } = draft.evaluations;
  if (!running || running.parts.some(({ workerId }) => workerId === undefined)) return;
  const metrics = [...running.own, ...running.open];
  if (metrics.length === 0) return;
  dealTo(draft, undefined, metrics);
  draft.emit({ type: 'evaluate', turn: { runId: running.runId, phase: running.phase }, metrics });
}

function dealTo(draft: Draft, workerId: string | undefined, metrics: readonly Metric[]): number {
  const { partsDealt, ...queue } = draft.evaluations;
  const { open, own, parts } = must(queue.running, 'evaluation');
  const partId = partsDealt + 1;
  draft.evaluations = { ...queue, partsDealt: partId };
  const isLeft = (metric: Metric) => !metrics.includes(metric);
  const part = { partId, workerId, metrics, dealtAtMs: draft.nowMs };
  change(draft, { open: open.filter(isLeft), own: own.filter(isLeft), parts: [...parts, part] });
  return partId;
}

function sparesFor(draft: Draft, { runId, parts, gone }: RunningEvaluation): string[] {
  const busy = new Set(parts.map(({ workerId }) => workerId));
  const able = draft.workerIds().flatMap((workerId) => {
    const worker = draft.worker(workerId);
    if (!worker?.evaluates || worker.draining || worker.barredUntilMs > draft.nowMs) return [];
    const isAsked = busy.has(workerId) || gone.has(workerId) || worker.cannotMeasure.has(runId);
    return isAsked || !isSpare(draft, worker) ? [] : [worker];
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

function ownsShards(draft: Draft, { workerId, runId }: WorkerRecord): boolean {
  if (runId === undefined) return false;
  return draft.run(runId).members.some((member) => member.workerId === workerId && member.shards.length > 0);
}

function change(draft: Draft, changes: Partial<RunningEvaluation>): void {
  const { running } = draft.evaluations;
  if (running) draft.evaluations = { ...draft.evaluations, running: { ...running, ...changes } };
}

function remark(draft: Draft, why: string): void {
  draft.emit({ type: 'remark', why });
}

function placeOf({ runId, phase }: RunningEvaluation): string {
  return `${runId} after phase ${phase}`;
}
