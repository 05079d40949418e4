/** Which run gets which idle workers. Runs that hold a state come first, then the queue in order of creation. */

import type { Draft } from './draft.ts';
import { form, settle } from './generation.ts';
import { newestCheckpoint, type RunRecord, type WorkerRecord } from './state.ts';

/** Starts every run that can start now, and writes into the others why they wait. */
export function schedule(draft: Draft): void {
  const waiting = draft
    .runIds()
    .map((runId) => draft.run(runId))
    .filter((run) => run.stage === 'holding' || run.state === 'queued')
    .sort((a, b) => Number(b.stage === 'holding') - Number(a.stage === 'holding') || a.createdAtMs - b.createdAtMs);
  for (const run of waiting) {
    // A run that was stopped between its last checkpoint and its end has nothing left to train.
    if (newestCheckpoint(run).phase === run.totalPhases) {
      settle(draft, run);
      continue;
    }
    const gang = findGang(draft, run);
    if (gang) {
      const ids = gang.map((worker) => worker.workerId);
      const { phase } = newestCheckpoint(run);
      form(draft, run, ids, `${countOf(ids.length, 'worker')} (${ids.join(', ')}) start at phase ${phase}.`);
      continue;
    }
    explain(draft, run);
    // A run that could start if everyone were idle keeps its place: smaller ones behind it must not starve it.
    if (canEverStart(draft, run)) return;
  }
}

/** The members that it has, filled up with idle workers; undefined where there are too few. */
function findGang(draft: Draft, run: RunRecord): WorkerRecord[] | undefined {
  const idle = usableWorkers(draft, run).filter((worker) => worker.runId === undefined);
  return gangOf(run, membersOf(draft, run), idle);
}

function canEverStart(draft: Draft, run: RunRecord): boolean {
  const others = usableWorkers(draft, run).filter((worker) => worker.runId !== run.runId);
  return gangOf(run, membersOf(draft, run), others) !== undefined;
}

/** The members, filled up with others that compute the same bits. */
function gangOf(run: RunRecord, members: readonly WorkerRecord[], others: readonly WorkerRecord[]) {
  const classes = members[0] ? [classOf(members[0])] : [...new Set(others.map(classOf))];
  for (const deviceClass of classes) {
    const gang = [...members, ...others.filter((worker) => classOf(worker) === deviceClass)];
    if (gang.length >= run.config.workers) return gang.slice(0, run.config.workers);
  }
  return undefined;
}

function membersOf(draft: Draft, run: RunRecord): WorkerRecord[] {
  return run.members.flatMap(({ workerId }) => draft.worker(workerId) ?? []);
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
  const present = usable.filter((w) => w.runId === undefined || w.runId === run.runId);
  const alike = mostAlike(membersOf(draft, run), present);
  const others = present.length - alike;
  const busy = usable.length - present.length;
  const connected = draft.workerIds().length;
  const { require, intraOpThreads } = run.config.backend;
  const needs = `${require === 'any' ? '' : `backend ${require}, `}${countOf(intraOpThreads, 'thread')} an op`;
  const why = [
    `Waits for ${countOf(run.config.workers, 'worker')} of one device class (${needs}): ${alike} here`,
    others > 0 ? `, ${others} of another device class` : '',
    busy > 0 ? `, ${busy} busy with other runs` : '',
    connected > usable.length ? `, ${connected - usable.length} connected that do not fit or drain` : '',
    run.stage === 'holding' ? `; phase ${run.phase} is held.` : '.',
  ].join('');
  if (why === run.why) return;
  draft.enter(run, run.stage === 'holding' ? 'waiting' : 'queued', why);
}

/** How many of these compute the same bits: as the members do, or the largest class where there are none. */
function mostAlike(members: readonly WorkerRecord[], present: readonly WorkerRecord[]): number {
  const classes = (members[0] ? [members[0]] : present).map(classOf);
  return Math.max(0, ...classes.map((deviceClass) => present.filter((w) => classOf(w) === deviceClass).length));
}

function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
