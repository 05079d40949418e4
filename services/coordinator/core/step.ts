/**
 * The coordinator's core: one event in, the new state, the effects and the sentence that explains them out. Pure.
 *
 * Throws a GanglionError for a request that is not allowed; the state is then as it was.
 */
import type { WorkerMessage } from '../../control/messages.ts';
import { isFinal } from '../../report/runEvent.ts';
import { Draft } from './draft.ts';
import type { Effect } from './effect.ts';
import type { CoordinatorEvent } from './event.ts';
import { answered, halt, release, settle } from './generation.ts';
import { completeIfDurable, phaseReported } from './reports.ts';
import { cancelRun, createRun, pauseRun, resumeRun } from './requests.ts';
import { schedule } from './schedule.ts';
import type { CheckpointRecord, CoordinatorState, RunRecord, WorkerRecord } from './state.ts';

/** A worker that was silent for so many heartbeats is taken for lost: 1 s apart by default, so after 5 s. */
export const SILENT_HEARTBEATS_MAX = 5;

export interface Step {
  readonly state: CoordinatorState;
  readonly effects: readonly Effect[];
}

export function step(
  state: CoordinatorState,
  event: CoordinatorEvent,
  clock: { nowMs: number; heartbeatIntervalMs: number },
): Step {
  const draft = new Draft(state, clock.nowMs);
  switch (event.type) {
    case 'runCreated':
      createRun(draft, event.run);
      break;
    case 'pauseRequested':
      pauseRun(draft, event.runId);
      break;
    case 'resumeRequested':
      resumeRun(draft, event.runId, event.fromPhase);
      break;
    case 'cancelRequested':
      cancelRun(draft, event.runId);
      break;
    case 'workerJoined': {
      if (draft.worker(event.hello.workerId)) {
        workerLeft(draft, event.hello.workerId, `Worker ${event.hello.workerId} came back in a new session.`);
      }
      const { protocolVersion: _, ...facts } = event.hello;
      draft.putWorker({
        ...facts,
        connectedAtMs: clock.nowMs,
        heardAtMs: clock.nowMs,
        runId: undefined,
        phase: 0,
        activity: 'idle',
        draining: false,
      });
      break;
    }
    case 'workerLeft':
      workerLeft(draft, event.workerId, event.why);
      break;
    case 'workerSaid': {
      const worker = draft.worker(event.workerId);
      if (worker) workerSaid(draft, worker, event.message);
      break;
    }
    case 'checkpointStored':
      checkpointStored(draft, draft.run(event.runId), event.checkpoint, event.kept);
      break;
    case 'storageFailed': {
      const run = draft.run(event.runId);
      if (!isFinal(run.state) && run.state !== 'paused') release(draft, run, 'failed', event.why);
      break;
    }
    case 'tick':
      for (const workerId of draft.workerIds()) loseIfSilent(draft, workerId, clock);
      break;
  }
  schedule(draft);
  return { state: draft.state, effects: draft.effects };
}

function workerSaid(draft: Draft, worker: WorkerRecord, message: WorkerMessage): void {
  worker.heardAtMs = draft.nowMs;
  if (message.type === 'hello') return;
  if (message.type === 'draining') return drained(draft, worker, message.why);
  if (worker.runId === undefined || message.runId !== worker.runId) return;
  const run = draft.run(worker.runId);
  if (message.generation !== run.generation) return;
  worker.phase = message.type === 'phaseReport' ? message.phase + 1 : message.phase;
  switch (message.type) {
    case 'heartbeat':
      worker.activity = message.activity;
      if (run.stage === 'training') run.phase = Math.max(run.phase, message.phase);
      return;
    case 'ready':
      if (run.stage !== 'loading') return;
      run.answers = new Map(run.answers).set(worker.workerId, message.phase);
      if (run.answers.size === run.members.length) {
        run.stage = 'training';
        draft.enter(run, 'running', `${run.members.length} of ${run.config.workers} workers train.`);
        completeIfDurable(draft, run);
      }
      return;
    case 'held':
      worker.activity = 'holding';
      if (run.stage === 'halting') answered(draft, run, worker.workerId, message.hasState ? message.phase : undefined);
      return;
    case 'phaseReport':
      return phaseReported(draft, run, worker.workerId, message);
    case 'snapshot':
      draft.emit({ type: 'keepSnapshot', runId: run.runId, phase: message.phase, pixels: message.pixels });
      return;
    case 'failure':
      return failed(draft, run, worker, message);
  }
}

function failed(
  draft: Draft,
  run: RunRecord,
  worker: WorkerRecord,
  failure: { message: string; remedy: string; fatal: boolean; phase: number },
): void {
  const sentence = `Worker ${worker.workerId} stopped at phase ${failure.phase}: ${failure.message} ${failure.remedy}`;
  if (failure.fatal) return release(draft, run, 'failed', sentence);
  leaveRun(draft, worker, sentence);
  draft.emit({
    type: 'send',
    workerId: worker.workerId,
    message: { type: 'release', runId: run.runId, why: sentence },
  });
}

function drained(draft: Draft, worker: WorkerRecord, why: string): void {
  worker.draining = true;
  const { workerId, runId } = worker;
  const sentence = `Worker ${workerId} leaves: ${why}`;
  leaveRun(draft, worker, sentence);
  if (runId !== undefined) draft.emit({ type: 'send', workerId, message: { type: 'release', runId, why: sentence } });
}

function workerLeft(draft: Draft, workerId: string, why: string): void {
  const worker = draft.worker(workerId);
  if (!worker) return;
  leaveRun(draft, worker, why);
  draft.removeWorker(workerId);
}

/** The others keep their process and their state; the run waits, saying for whom. */
function leaveRun(draft: Draft, worker: WorkerRecord, why: string): void {
  if (worker.runId === undefined) return;
  const run = draft.run(worker.runId);
  worker.runId = undefined;
  worker.activity = 'idle';
  const survivors = run.members.map(({ workerId }) => workerId).filter((id) => id !== worker.workerId);
  if (run.intent === 'train') draft.enter(run, 'waiting', why);
  halt(draft, run, survivors, why);
}

function checkpointStored(draft: Draft, run: RunRecord, stored: CheckpointRecord, kept: readonly number[]): void {
  const others = run.checkpoints.filter(({ phase }) => phase !== stored.phase && kept.includes(phase));
  run.checkpoints = [...others, stored].sort((a, b) => a.phase - b.phase);
  draft.persist(run.runId);
  if (run.stage === 'collecting' && stored.phase === run.phase) return settle(draft, run);
  completeIfDurable(draft, run);
}

function loseIfSilent(draft: Draft, workerId: string, clock: { nowMs: number; heartbeatIntervalMs: number }): void {
  const worker = draft.worker(workerId);
  const silentMs = clock.nowMs - (worker?.heardAtMs ?? clock.nowMs);
  if (!worker || silentMs <= SILENT_HEARTBEATS_MAX * clock.heartbeatIntervalMs) return;
  const why = `Worker ${workerId} was silent for ${(silentMs / 1000).toFixed(1)} s, last seen: ${worker.activity}.`;
  draft.emit({ type: 'endSession', workerId, why });
  workerLeft(draft, workerId, why);
}
