/** Which run gets which idle workers. Runs that hold a state come first, then the queue in order of creation. */

import type { Draft } from './draft.ts';
import { form } from './generation.ts';
import type { RunRecord, WorkerRecord } from './state.ts';

/** Starts every run that can start now, and writes into the others why they wait. */
export function schedule(draft: Draft): void {
  const waiting = draft
    .runIds()
    .map((runId) => draft.run(runId))
    .filter((run) => run.stage === 'holding' || run.state === 'queued')
    .sort((a, b) => Number(b.stage === 'holding') - Number(a.stage === 'holding') || a.createdAtMs - b.createdAtMs);
  for (const run of waiting) {
    const gang = findGang(draft, run);
    if (gang) {
      const ids = gang.map((worker) => worker.workerId);
      const { phase } = run.checkpoints.at(-1) ?? { phase: 0 };
      form(draft, run, ids, `${countOf(ids.length, 'worker')} (${ids.join(', ')}) start at phase ${phase}.`);
      continue;
    }
    explain(draft, run);
    // A run that could start if everyone were idle keeps its place: smaller ones behind it must not starve it.
    if (canEverStart(draft, run)) return;
  }
}

/** The members that it has, filled up with idle workers that compute the same bits; undefined where there are too few. */
function findGang(draft: Draft, run: RunRecord): WorkerRecord[] | undefined {
  const members = run.members.flatMap(({ workerId }) => draft.worker(workerId) ?? []);
  const idle = usableWorkers(draft, run).filter((worker) => worker.runId === undefined);
  const classes = members[0] ? [classOf(members[0])] : [...new Set(idle.map(classOf))];
  for (const deviceClass of classes) {
    const gang = [...members, ...idle.filter((worker) => classOf(worker) === deviceClass)].slice(0, run.config.workers);
    if (gang.length === run.config.workers) return gang;
  }
  return undefined;
}

function canEverStart(draft: Draft, run: RunRecord): boolean {
  return usableWorkers(draft, run).length >= run.config.workers;
}

function usableWorkers(draft: Draft, run: RunRecord): WorkerRecord[] {
  return draft
    .workerIds()
    .flatMap((workerId) => draft.worker(workerId) ?? [])
    .filter((worker) => !worker.draining && fits(worker, run))
    .sort((a, b) => a.connectedAtMs - b.connectedAtMs || (a.workerId < b.workerId ? -1 : 1));
}

/** The bits depend on backend and thread count, so a worker that cannot honour the config takes no part. */
function fits(worker: WorkerRecord, run: RunRecord): boolean {
  const { require, intraOpThreads } = run.config.backend;
  const { backend, intraOpThreads: threads } = worker.device;
  return (require === 'any' || require === backend) && threads === intraOpThreads;
}

/** Workers of one class compute the same bits (DESIGN: per backend, device class and thread count). */
function classOf(worker: WorkerRecord): string {
  return `${worker.device.deviceClass} × ${worker.device.intraOpThreads} threads`;
}

function explain(draft: Draft, run: RunRecord): void {
  const usable = usableWorkers(draft, run);
  const present = usable.filter((w) => w.runId === undefined || w.runId === run.runId).length;
  const busy = usable.length - present;
  const connected = draft.workerIds().length;
  const { require, intraOpThreads } = run.config.backend;
  const needs = `${require === 'any' ? '' : `backend ${require}, `}${countOf(intraOpThreads, 'thread')} an op`;
  const why = [
    `Waits for ${countOf(run.config.workers, 'worker')} of one device class (${needs}): ${present} here`,
    busy > 0 ? `, ${busy} busy with other runs` : '',
    connected > usable.length ? `, ${connected - usable.length} connected that do not fit or drain` : '',
    run.stage === 'holding' ? `; phase ${run.phase} is held.` : '.',
  ].join('');
  if (why === run.why) return;
  draft.enter(run, run.stage === 'holding' ? 'waiting' : 'queued', why);
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
