/** Workers come and go: what that means for the run that they work for. */
import type { Hello } from '../../control/messages.ts';
import { must } from '../../errors/invariant.ts';
import { isFinal } from '../../report/runEvent.ts';
import type { Draft } from './draft.ts';
import { halt, haltAll, stop, wait } from './generation.ts';
import { measurerLost } from './measuring.ts';
import { noteLoss } from './restless.ts';
import type { WorkerRecord } from './state.ts';

export function workerJoined(draft: Draft, hello: Hello): void {
  const { protocolVersion: _, held, evaluates = false, ...facts } = hello;
  if (draft.worker(hello.workerId)) {
    workerLeft(draft, hello.workerId, `Worker ${hello.workerId} came back in a new session.`);
  }
  draft.putWorker({
    ...facts,
    evaluates,
    connectedAtMs: draft.nowMs,
    heardAtMs: draft.nowMs,
    runId: undefined,
    phase: held?.phase ?? 0,
    activity: 'idle',
    movedAtMs: draft.nowMs,
    draining: false,
    held: held && isWanted(draft, held) ? { runId: held.runId, phase: held.phase } : undefined,
    msPerShard: undefined,
    timings: undefined,
    cannotMeasure: new Set(),
    barredUntilMs: 0,
    failures: 0,
  });
}

/** A state counts where its run still needs it, and is the one of this config: another coordinator may have had the id. */
function isWanted(draft: Draft, held: NonNullable<Hello['held']>): boolean {
  if (!draft.runIds().includes(held.runId)) return false;
  const run = draft.run(held.runId);
  const rests = isFinal(run.state) || run.state === 'paused';
  return !rests && run.configSha256 === held.configSha256 && held.phase <= run.totalPhases;
}

export function workerLeft(draft: Draft, workerId: string, why: string): void {
  const worker = draft.worker(workerId);
  if (!worker) return;
  if (!worker.draining) {
    draft.emit({ type: 'countFault', fault: 'workerLost' });
    if (worker.runId !== undefined) noteLoss(draft, draft.run(worker.runId), workerId);
  }
  leaveRun(draft, worker, why);
  measurerLost(draft, worker, why);
  draft.removeWorker(workerId);
}

/** The others keep their process and their state, and go on as soon as there are enough. */
export function leaveRun(draft: Draft, worker: WorkerRecord, why: string): void {
  if (worker.runId === undefined) return;
  const run = draft.run(worker.runId);
  worker.runId = undefined;
  worker.activity = 'idle';
  worker.held = undefined;
  worker.msPerShard = undefined;
  worker.timings = undefined;
  const survivors = run.members.map(({ workerId }) => workerId).filter((id) => id !== worker.workerId);
  wait(draft, run, why);
  halt(draft, run, survivors, why);
}

/** It finishes its phase with the others, hands over what only it has, and goes. */
export function drain(draft: Draft, worker: WorkerRecord, why: string): void {
  worker.draining = true;
  if (worker.runId === undefined) return;
  const run = draft.run(worker.runId);
  const sentence = `Worker ${worker.workerId} leaves: ${why}`;
  if (run.stage === 'training') return stop(draft, run, sentence);
  if (run.stage === 'loading') haltAll(draft, run, sentence);
}

/**
 * A coordinator that was stopped itself (SIGSTOP, a suspended machine) heard nobody, and what they said meanwhile is yet
 * to be read: their silence counts from now.
 */
export function forgiveOwnSleep(draft: Draft): void {
  const sleptMs = draft.nowMs - (draft.tickedAtMs ?? draft.nowMs);
  draft.tickedAtMs = draft.nowMs;
  if (2 * sleptMs <= draft.failureDetectionMs) return;
  for (const workerId of draft.workerIds()) must(draft.worker(workerId), 'worker').heardAtMs = draft.nowMs;
}

export function loseIfSilent(draft: Draft, workerId: string): void {
  const worker = draft.worker(workerId);
  const silentMs = draft.nowMs - (worker?.heardAtMs ?? draft.nowMs);
  if (!worker || silentMs <= draft.failureDetectionMs) return;
  const at = worker.runId === undefined ? '' : ` in phase ${worker.phase}`;
  const why = `Worker ${workerId} was silent for ${(silentMs / 1000).toFixed(1)} s, last seen${at}: ${worker.activity}.`;
  draft.emit({ type: 'endSession', workerId, why });
  workerLeft(draft, workerId, why);
}
