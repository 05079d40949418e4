/** Which workers a run may have: those that compute its bits, are free, and do not rest. */
import { canHonour } from '../../compile/obstacle.ts';
import type { Draft } from './draft.ts';
import { classOf, holds, membersOf } from './generation.ts';
import { isRestless } from './restless.ts';
import { newestCheckpoint, type RunRecord, type WorkerRecord } from './state.ts';

/** The members that it has, filled up with these, or else with free workers; undefined where there are too few. */
export function findGang(draft: Draft, run: RunRecord, others = freeFor(draft, run)): WorkerRecord[] | undefined {
  const members = membersOf(draft, run).filter((worker) => !worker.draining);
  // Bits depend on the device class: the one that the run began on, or any that has enough workers.
  const classes = run.deviceClass !== '' ? [run.deviceClass] : [...new Set(others.map(classOf))];
  for (const deviceClass of classes) {
    const alike = others.filter((worker) => classOf(worker) === deviceClass);
    const gang = [...members, ...alike.filter((worker) => !isRestless(draft, run, worker))];
    const restless = alike.filter((worker) => isRestless(draft, run, worker));
    gang.push(...restless.slice(0, Math.max(run.config.workers.min - gang.length, 0)));
    if (gang.length >= run.config.workers.min) return gang.slice(0, run.config.workers.max);
  }
  return undefined;
}

/** Whether there would be enough if nobody worked for another run. */
export function canEverStart(draft: Draft, run: RunRecord): boolean {
  const others = usableWorkers(draft, run).filter((worker) => worker.runId !== run.runId);
  return findGang(draft, run, others) !== undefined;
}

/** Workers that nobody else needs. */
export function freeFor(draft: Draft, run: RunRecord): WorkerRecord[] {
  return usableWorkers(draft, run).filter((worker) => worker.runId === undefined && !isKept(draft, worker, run));
}

/** Whoever came back with a state that another run waits for is kept for that one. */
function isKept(draft: Draft, { held }: WorkerRecord, run: RunRecord): boolean {
  if (held === undefined || held.runId === run.runId) return false;
  const other = draft.run(held.runId);
  if (other.stage === 'loading' || other.stage === 'training' || other.stage === 'stopping') return false;
  return other.returning.length > 0 || held.phase > newestCheckpoint(other).phase;
}

/** Those that hold the run's state first, then in the order in which they came. */
export function usableWorkers(draft: Draft, run: RunRecord): WorkerRecord[] {
  const far = (worker: WorkerRecord) => holds(worker, run) ?? -1;
  return draft
    .workerIds()
    .flatMap((workerId) => draft.worker(workerId) ?? [])
    .filter((worker) => !worker.draining && worker.barredUntilMs <= draft.nowMs && fits(worker, run))
    .sort((a, b) => far(b) - far(a) || a.connectedAtMs - b.connectedAtMs || (a.workerId < b.workerId ? -1 : 1));
}

/** The bits depend on backend, thread count and XLA, so a worker that cannot honour the config takes no part. */
function fits(worker: WorkerRecord, { config }: RunRecord): boolean {
  const { require, intraOpThreads } = config.backend;
  const { backend, intraOpThreads: threads } = worker.device;
  return (require === 'any' || require === backend) && threads === intraOpThreads && canHonour(backend, config.compile);
}
