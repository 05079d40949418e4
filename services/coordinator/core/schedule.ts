/**
 * Which run gets which workers, after every event. Runs that only come to rest need none. Then runs that hold a state,
 * then the queue, each in order of creation; at last runs that train may grow by who is still free.
 */
import type { Draft } from './draft.ts';
import { canEverStart, findGang, freeFor, usableWorkers } from './gang.ts';
import {
  classOf,
  collect,
  countOf,
  dismiss,
  form,
  halt,
  holds,
  membersOf,
  release,
  startPhase,
  stop,
  wait,
} from './generation.ts';
import { isRestless } from './restless.ts';
import { detour, roadOf } from './road.ts';
import { AT_REST, newestCheckpoint, type RunRecord, type WorkerRecord } from './state.ts';
import { explain } from './waiting.ts';

export function schedule(draft: Draft): void {
  const runs = draft.runIds().map((runId) => draft.run(runId));
  const waiting = runs.filter(isWaiting);
  for (const run of waiting) if (comesToRest(draft, run) && !advance(draft, run)) explain(draft, run);
  const stuck = waitInLine(
    draft,
    waiting.filter((run) => isWaiting(run) && !comesToRest(draft, run)),
  );
  const later = stuck.filter(({ stage }) => stage === 'holding');
  for (const run of later) if (run.stage === 'holding') makeRoom(draft, run, later.slice(later.indexOf(run) + 1));
  if (stuck.some((run) => isWaiting(run) && canEverStart(draft, run))) return;
  for (const run of runs) if (run.stage === 'training') grow(draft, run);
}

/** Gives each what it can have, in their order; returns those that go on waiting. */
function waitInLine(draft: Draft, waiting: readonly RunRecord[]): RunRecord[] {
  const heldIds = new Set(draft.workerIds().map((workerId) => draft.worker(workerId)?.held?.runId));
  const holdsState = ({ stage, returning, runId }: RunRecord) =>
    stage === 'holding' || returning.length > 0 || heldIds.has(runId);
  const line = waiting.toSorted(
    (a, b) => Number(holdsState(b)) - Number(holdsState(a)) || a.createdAtMs - b.createdAtMs,
  );
  const stuck: RunRecord[] = [];
  let blocked = false;
  for (const run of line) {
    // A run that could start if nobody worked for another keeps its place: smaller ones behind it must not starve it.
    if (blocked && !holdsState(run)) continue;
    if (advance(draft, run)) continue;
    explain(draft, run);
    stuck.push(run);
    blocked ||= canEverStart(draft, run);
  }
  return stuck;
}

/** Runs that hold workers might wait for each other's: the later ones, whose state is on disk by now, give theirs away. */
function makeRoom(draft: Draft, run: RunRecord, later: readonly RunRecord[]): void {
  const holding = later.filter(({ stage }) => stage === 'holding');
  const within = usableWorkers(draft, run).filter(({ runId }) => holding.some((other) => other.runId === runId));
  if (within.length === 0 || !findGang(draft, run, [...freeFor(draft, run), ...within])) return;
  for (const other of holding.toReversed()) {
    if (findGang(draft, run)) break;
    giveUp(draft, other);
  }
  advance(draft, run);
}

function isWaiting({ stage, state }: RunRecord): boolean {
  return stage === 'holding' || (stage === 'idle' && (state === 'queued' || state === 'pausing'));
}

/**
 * Whether it needs no workers any more, only its newest state on disk. Somebody may come back with the last phase applied,
 * which nobody else has heard of.
 */
function comesToRest(draft: Draft, run: RunRecord): boolean {
  const alike = freeFor(draft, run).filter((w) => run.deviceClass === '' || classOf(w) === run.deviceClass);
  const far = alike.map((worker) => holds(worker, run) ?? 0);
  return run.intent !== 'train' || Math.max(run.phase, newestCheckpoint(run).phase, ...far) === run.totalPhases;
}

/** Takes a run that waits one step further; false where it goes on waiting for workers. */
function advance(draft: Draft, run: RunRecord): boolean {
  run.phase = Math.max(run.phase, newestCheckpoint(run).phase);
  if (newestCheckpoint(run).phase === run.totalPhases) {
    rest(draft, run);
    return true;
  }
  if (awaitsReturn(draft, run)) return false;
  if (comesToRest(draft, run)) {
    if (!collect(draft, run) && !adopt(draft, run)) rest(draft, run);
    return true;
  }
  const gang = findGang(draft, run);
  // Whoever is left alone with the newest state may be lost next: it must be on disk, and so must it where it cannot travel.
  if (!gang || !canStart(draft, run, gang)) {
    if (collect(draft, run) || adopt(draft, run)) return true;
    if (!gang) {
      for (const worker of membersOf(draft, run)) if (worker.draining) leave(draft, run, worker);
      return false;
    }
  }
  start(draft, run, gang);
  return true;
}

/** Free workers that hold a newer state than the disk become members, and are asked for it. False where there are none. */
function adopt(draft: Draft, run: RunRecord): boolean {
  const newest = newestCheckpoint(run).phase;
  const ahead = freeFor(draft, run).filter((worker) => (holds(worker, run) ?? 0) > newest);
  if (!ahead[0]) return false;
  // Its bits are those of the class that computed it.
  run.deviceClass ||= classOf(ahead[0]);
  const found = ahead.filter((worker) => classOf(worker) === run.deviceClass);
  if (found.length === 0) return false;
  for (const worker of found) worker.runId = run.runId;
  const ids = found.map(({ workerId }) => workerId);
  const sentence = `${ids.join(', ')} came back with a state.`;
  wait(draft, run, sentence);
  halt(draft, run, [...run.members.map(({ workerId }) => workerId), ...ids], sentence);
  return true;
}

function start(draft: Draft, run: RunRecord, gang: readonly WorkerRecord[]): void {
  const ids = gang.map(({ workerId }) => workerId);
  for (const worker of membersOf(draft, run)) if (!ids.includes(worker.workerId)) leave(draft, run, worker);
  const one = gang.length === 1;
  const begins = run.generation === 0 ? (one ? 'starts' : 'start') : one ? 'goes on' : 'go on';
  const reason = run.reason === '' ? '' : ` ${run.reason}`;
  const blocked = detour(draft, run);
  const road = blocked === '' ? '' : ` Through the coordinator: ${blocked}`;
  const workers = `${countOf(ids.length, 'worker')} (${ids.join(', ')})`;
  const why = `${workers} ${begins} at phase ${startPhase(run, gang)}.${reason}${road}`;
  form(draft, run, gang, roadOf(draft, run), why);
  run.reason = '';
}

/** What the stop was for. */
function rest(draft: Draft, run: RunRecord): void {
  const { phase, weightsSha256 } = newestCheckpoint(run);
  run.phase = phase;
  if (phase === run.totalPhases) {
    return release(draft, run, 'completed', `All ${phase} phases are committed.`, weightsSha256);
  }
  switch (run.intent) {
    case 'pause':
      return release(draft, run, 'paused', `Paused at phase ${phase}; the checkpoint of it is on disk.`, weightsSha256);
    case 'cancel':
      return release(
        draft,
        run,
        'cancelled',
        `Cancelled at phase ${phase}; the checkpoint of it is kept.`,
        weightsSha256,
      );
    case 'fail':
    case 'train':
      return release(draft, run, 'failed', run.reason, weightsSha256);
  }
}

/** The newest state is where the members that lack it can get it, and not the last: that one is only stored. */
function canStart(draft: Draft, run: RunRecord, gang: readonly WorkerRecord[]): boolean {
  const start = startPhase(run, gang);
  if (start < run.phase || start === run.totalPhases) return false;
  if (start === newestCheckpoint(run).phase) return true;
  return roadOf(draft, run) === 'direct' || gang.every((worker) => holds(worker, run) === start);
}

/** A worker that joins costs the others one phase boundary. */
function grow(draft: Draft, run: RunRecord): void {
  const members = membersOf(draft, run);
  if (members.length >= run.config.workers.max) return;
  const free = freeFor(draft, run).filter((worker) => !isRestless(draft, run, worker));
  const alike = free.filter((worker) => classOf(worker) === run.deviceClass);
  const joining = alike.slice(0, run.config.workers.max - members.length).map(({ workerId }) => workerId);
  if (joining.length === 0) return;
  run.rebalances = 0;
  stop(draft, run, `${joining.join(', ')} ${joining.length === 1 ? 'joins' : 'join'}.`);
}

function giveUp(draft: Draft, run: RunRecord): void {
  const workers = membersOf(draft, run);
  Object.assign(run, AT_REST);
  draft.enter(run, 'queued', `Its workers go to an older run; phase ${run.phase} is on disk.`);
  for (const worker of workers) dismiss(draft, run, worker, run.why);
}

function leave(draft: Draft, run: RunRecord, worker: WorkerRecord): void {
  run.members = run.members
    .filter(({ workerId }) => workerId !== worker.workerId)
    .map((member, rank) => ({ ...member, rank }));
  dismiss(draft, run, worker, `Worker ${worker.workerId} leaves the run.`);
}

/** After a restart of the coordinator the former members come back within seconds, with their state. */
function awaitsReturn(draft: Draft, run: RunRecord): boolean {
  const missing = run.returning.filter((workerId) => !draft.worker(workerId));
  if (missing.length > 0 && draft.nowMs < run.returningUntilMs) return true;
  run.returning = [];
  return false;
}
