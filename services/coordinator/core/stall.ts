/** A run that does not move although everybody lives: who is waited for, and what is done about it. */
import type { Draft } from './draft.ts';
import { haltAll, membersOf, trains } from './generation.ts';
import { blockRoad } from './road.ts';
import type { RunRecord, WorkerRecord } from './state.ts';

/** How long everybody may wait for bytes doubles each time it was in vain, up to 32 times: a slow road is not a broken one. */
const PATIENCE_DOUBLED_MAX = 5;

/** Called at every tick. */
export function noteStall(draft: Draft, runId: string): void {
  const run = draft.run(runId);
  if (leaveNobodyBehind(draft, run)) return;
  const stalledMs = draft.nowMs - run.progressAtMs;
  if (stalledMs <= draft.failureDetectionMs) return moves(draft, run);
  const after = `after ${(stalledMs / 1000).toFixed(1)} s`;
  const members = membersOf(draft, run);
  const late = members.filter(({ workerId }) => !run.answered.has(workerId));
  switch (run.stage) {
    case 'loading':
      return tell(draft, run, `Not everybody has the state ${after}: ${list(late)}.`);
    case 'halting':
      return tell(draft, run, `Not everybody has stopped ${after}: ${list(late)}.`);
    case 'collecting':
      return tell(draft, run, `The state of phase ${run.phase} is not on disk ${after}.`);
    case 'training':
    case 'stopping':
      return phaseIsLate(draft, run, run.stage === 'training' ? members : late, after);
    case 'idle':
    case 'holding':
      return;
  }
}

function phaseIsLate(draft: Draft, run: RunRecord, working: readonly WorkerRecord[], after: string): void {
  const sentence = `Phase ${run.phase} is not done ${after}`;
  // Whoever is done with the last phase does nothing for those who wait for its bytes.
  const slow = working.find((worker) => !waitsForBytes(worker) && worker.activity !== 'finished');
  if (slow) return tell(draft, run, `${sentence}: worker ${list([slow])}.`);
  const everybody = `${sentence}, and everybody waits (${list(working)}).`;
  const patienceMs = draft.failureDetectionMs * 2 ** Math.min(run.stuck, PATIENCE_DOUBLED_MAX);
  const waitedMs = draft.nowMs - Math.max(...working.map(({ movedAtMs }) => movedAtMs));
  if (run.members.length === 1 || waitedMs <= patienceMs) return tell(draft, run, everybody);
  // Nobody computes any bytes: they were lost on the way.
  run.stuck += 1;
  if (run.road === 'direct' && run.config.collective.road === 'auto') blockRoad(draft, run, everybody);
  haltAll(draft, run, everybody);
}

/**
 * Nobody waits for a hot spare: one whose bytes were lost would stay where it is while the others train. One phase behind
 * is nothing, since a heartbeat tells old news.
 */
function leaveNobodyBehind(draft: Draft, run: RunRecord): boolean {
  if (run.stage !== 'training') return false;
  const stuck = membersOf(draft, run).find(
    ({ phase, movedAtMs }) => phase + 1 < run.phase && draft.nowMs - movedAtMs > draft.failureDetectionMs,
  );
  if (!stuck) return false;
  const { workerId, phase, activity } = stuck;
  haltAll(
    draft,
    run,
    `Worker ${workerId} stays behind at phase ${phase} (${activity}), the others are at ${run.phase}.`,
  );
  return true;
}

function waitsForBytes({ activity }: WorkerRecord): boolean {
  return activity.startsWith('exchange');
}

function list(workers: readonly WorkerRecord[]): string {
  return workers.map(({ workerId, activity }) => `${workerId}: ${activity}`).join('; ');
}

/** Once for each stall: the seconds in it would make every tick news. */
function tell(draft: Draft, run: RunRecord, why: string): void {
  const without = (sentence: string) => sentence.replace(/after [\d.]+ s/, '');
  if (without(run.why) !== without(why)) draft.enter(run, run.state, why);
}

/** What was told of a stall is not true any more. */
function moves(draft: Draft, run: RunRecord): void {
  if (run.stage !== 'training' || run.state !== 'running') return;
  const why = trains(run);
  if (run.why !== why) draft.enter(run, 'running', why);
}
