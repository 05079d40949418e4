/** What a worker says, and what follows. Everything of an older generation is stale, and means nothing. */
import type { RunMessage } from '../../control/messages.ts';
import type { Spread } from '../../illness/spread.ts';
import type { Draft } from './draft.ts';
import { evaluationAnswered } from './evaluations.ts';
import type { CoordinatorEvent } from './event.ts';
import { answered, dismiss, haltAll, release, trains } from './generation.ts';
import { judgePictures } from './illness.ts';
import { drain, leaveRun } from './membership.ts';
import { notFinite } from './nonFinite.ts';
import { completeIfDurable, phaseReported, progress } from './reports.ts';
import { blockRoad } from './road.ts';
import type { RunRecord, WorkerRecord } from './state.ts';

/** False where nothing changed that the schedule looks at. */
export function workerSaid(draft: Draft, worker: WorkerRecord, { message, spread }: WorkerWord): boolean {
  worker.heardAtMs = draft.nowMs;
  if (message.type === 'hello') return false;
  if (message.type === 'draining') {
    drain(draft, worker, message.why);
    return true;
  }
  if (message.type === 'evaluationAnswer') {
    evaluationAnswered(draft, worker, message);
    return true;
  }
  if (worker.runId === undefined || message.runId !== worker.runId) return false;
  const run = draft.run(worker.runId);
  if (message.generation !== run.generation) return false;
  noteMove(draft, worker, message);
  const stage = run.stage;
  memberSaid(draft, run, worker, message, spread);
  return run.stage !== stage;
}

function noteMove(draft: Draft, worker: WorkerRecord, message: MemberMessage): void {
  const phase = message.type === 'phaseReport' ? message.phase + 1 : message.phase;
  const isSame = phase === worker.phase && (message.type !== 'heartbeat' || message.activity === worker.activity);
  worker.phase = phase;
  if (!isSame) worker.movedAtMs = draft.nowMs;
}

type WorkerWord = Pick<Extract<CoordinatorEvent, { type: 'workerSaid' }>, 'message' | 'spread'>;
type MemberMessage = Exclude<RunMessage, { type: 'hello' | 'draining' | 'evaluationAnswer' }>;

function memberSaid(
  draft: Draft,
  run: RunRecord,
  worker: WorkerRecord,
  message: MemberMessage,
  spread: Spread | undefined,
): void {
  switch (message.type) {
    case 'heartbeat':
      worker.activity = message.activity;
      if (run.stage === 'training' || run.stage === 'stopping') progress(draft, run, message.phase);
      return;
    case 'ready':
      return ready(draft, run, worker);
    case 'held':
      worker.activity = 'holding';
      if (run.stage !== 'halting' && run.stage !== 'stopping') return;
      return answered(draft, run, worker, message.hasState ? message.phase : undefined);
    case 'phaseReport':
      return phaseReported(draft, run, worker, message);
    case 'snapshot':
      draft.emit({ type: 'keepSnapshot', runId: run.runId, phase: message.phase, pixels: message.pixels });
      return spread && judgePictures(draft, run, message.phase, spread);
    case 'roadBlocked':
      return roadBlocked(draft, run, worker, message);
    case 'nonFinite':
      return notFinite(draft, run, worker, message);
    case 'failure':
      return failed(draft, run, worker, message);
  }
}

function ready(draft: Draft, run: RunRecord, worker: WorkerRecord): void {
  if (run.stage !== 'loading') return;
  run.answered = run.answered.add(worker.workerId);
  if (run.answered.size < run.members.length) return;
  run.stage = 'training';
  run.progressAtMs = draft.nowMs;
  draft.enter(run, 'running', trains(run));
  const { runId, generation } = run;
  for (const { workerId } of run.members) {
    draft.emit({ type: 'send', workerId, message: { type: 'begin', runId, generation } });
  }
  completeIfDurable(draft, run);
}

/** Halts for changed bytes, without a phase in between, before the road itself is taken for broken. */
const ACCIDENTS_MAX = 3;

/** Two members that talk to us and not to each other: the next generation goes through us. */
function roadBlocked(
  draft: Draft,
  run: RunRecord,
  worker: WorkerRecord,
  { peerId, message, transient }: { peerId: string; message: string; transient: boolean },
): void {
  // Changed bytes are an accident, unless they come again and again without a phase in between.
  if (transient && run.stuck < ACCIDENTS_MAX) {
    run.stuck += 1;
    return haltAll(draft, run, `Worker ${worker.workerId} refused what came: ${message}`);
  }
  // There is no way around us: the worker rests, and the others go on without it.
  if (run.road === 'star') return failed(draft, run, worker, { message, remedy: '', fatal: false, phase: run.phase });
  const sentence = `Worker ${worker.workerId} cannot reach ${peerId}: ${message}`;
  if (run.config.collective.road === 'direct') {
    return release(
      draft,
      run,
      'failed',
      `${sentence} The config asks for the direct road; collective.road: auto goes around.`,
    );
  }
  blockRoad(draft, run, sentence);
  haltAll(draft, run, sentence);
}

/** 5 s, 10 s, … to 160 s at the default failure detection. */
const BARS_DOUBLED_MAX = 5;

function failed(
  draft: Draft,
  run: RunRecord,
  worker: WorkerRecord,
  failure: { message: string; remedy: string; fatal: boolean; phase: number },
): void {
  const sentence =
    `Worker ${worker.workerId} stopped at phase ${failure.phase}: ${failure.message} ${failure.remedy}`.trimEnd();
  if (failure.fatal) return release(draft, run, 'failed', sentence);
  worker.failures += 1;
  worker.barredUntilMs = draft.nowMs + draft.failureDetectionMs * 2 ** Math.min(worker.failures - 1, BARS_DOUBLED_MAX);
  leaveRun(draft, worker, sentence);
  dismiss(draft, run, worker, sentence);
}
