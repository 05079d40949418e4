/**
 * Deals the metrics of the checkpoint that is evaluated: to spare workers, if there are any, else to a process of the
 * coordinator's own. What a worker leaves undone another one takes, or the coordinator; what it cannot do the coordinator does.
 */
import { must } from '../../errors/invariant.ts';
import type { Metric } from '../../evaluate/measures.ts';
import { EVALUATION_MS_MAX } from '../../report/evaluation.ts';
import type { Draft } from './draft.ts';
import { shareMetrics } from './evaluationShares.ts';
import { ownsShards, sparesFor } from './spareWorkers.ts';
import type { EvaluationPart, RunningEvaluation, WorkerRecord } from './state.ts';

/** Until a worker answers: in the ten minutes beside its process a checkpoint of 1 GB comes at 14 Mb/s. */
const PART_MS_MAX = EVALUATION_MS_MAX + 10 * 60 * 1000;

/** Workers of which it is known that they were lost while they measured: those that it befell last. */
const LOSSES_KEPT_MAX = 256;

/** Takes back what was dealt to those who are not spare any more, then deals all that nobody measures. */
export function dealMetrics(draft: Draft): void {
  const { running } = draft.evaluations;
  if (!running) return;
  for (const part of running.parts) {
    const worker = part.workerId === undefined ? undefined : draft.worker(part.workerId);
    if (!worker) continue;
    if (draft.nowMs - part.dealtAtMs > PART_MS_MAX) giveUpOn(draft, worker, part, 'it took too long.');
    else if (worker.draining || ownsShards(draft, worker)) takeBack(draft, part);
    else continue;
    tellOver(draft, part);
  }
  dealToSpares(draft);
  dealToOwn(draft);
}

/** A worker is lost: maybe because it measured, as where there is too little memory for both. */
export function measurerLost(draft: Draft, { workerId }: WorkerRecord, why: string): void {
  const { running, losses } = draft.evaluations;
  const part = running?.parts.find((one) => one.workerId === workerId);
  if (!running || !part) return;
  const newest = [...losses].filter(([id]) => id !== workerId).slice(1 - LOSSES_KEPT_MAX);
  const count = (losses.get(workerId) ?? 0) + 1;
  draft.evaluations = { ...draft.evaluations, losses: new Map([...newest, [workerId, count]]) };
  remark(draft, `${why} What it measured of ${placeOf(running)} goes to another: ${part.metrics.join(', ')}.`);
  takeBack(draft, part);
}

export function measurerAnswered(draft: Draft, { workerId }: WorkerRecord): void {
  const losses = new Map(draft.evaluations.losses);
  if (losses.delete(workerId)) draft.evaluations = { ...draft.evaluations, losses };
}

/** It goes to another, and the worker is not asked again for this checkpoint. */
function takeBack(draft: Draft, part: EvaluationPart): void {
  const { open, parts, gone } = must(draft.evaluations.running, 'evaluation');
  const others = parts.filter(({ partId }) => partId !== part.partId);
  const gave = new Set(part.workerId === undefined ? gone : [...gone, part.workerId]);
  change(draft, { parts: others, open: [...open, ...part.metrics], gone: gave });
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
  const { running, ownFromMs } = draft.evaluations;
  if (!running || running.parts.some(({ workerId }) => workerId === undefined) || draft.nowMs < ownFromMs) return;
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
