/**
 * The coordinator's core: one event in, the new state, the effects and the sentence that explains them out. Pure.
 *
 * Throws a GanglionError for a request that is not allowed; the state is then as it was.
 */
import { isFinal } from '../../report/runEvent.ts';
import { Draft } from './draft.ts';
import type { Effect } from './effect.ts';
import { evaluateIfDue, evaluateWhatIsLeft, evaluationEnded, measure } from './evaluations.ts';
import type { CoordinatorEvent } from './event.ts';
import { release } from './generation.ts';
import { forgiveOwnSleep, loseIfSilent, workerJoined, workerLeft } from './membership.ts';
import { completeIfDurable } from './reports.ts';
import { cancelRun, createRun, pauseRun, resumeRun } from './requests.ts';
import { tryRoadAgain } from './road.ts';
import { workerSaid } from './said.ts';
import { schedule } from './schedule.ts';
import { noteStall } from './stall.ts';
import { type CoordinatorState, newestCheckpoint, type RunRecord } from './state.ts';

/** Where the core stands in the world: nothing else of it comes in. */
export interface CoreContext {
  readonly nowMs: number;
  /** A worker that is silent for so long is taken for lost. */
  readonly failureDetectionMs: number;
  /** What keys are made of; the coordinator's own, and new with each start. */
  readonly secret: string;
}

export interface Step {
  readonly state: CoordinatorState;
  readonly effects: readonly Effect[];
}

export function step(state: CoordinatorState, event: CoordinatorEvent, context: CoreContext): Step {
  const draft = new Draft(state, context);
  switch (event.type) {
    // None of these three changes what the schedule looks at.
    case 'begun':
      evaluateWhatIsLeft(draft);
      measure(draft);
      return { state: draft.state, effects: draft.effects };
    case 'evaluationEnded':
      evaluationEnded(draft, event);
      measure(draft);
      return { state: draft.state, effects: draft.effects };
    case 'checkpointsDropped':
      checkpointsDropped(draft, draft.run(event.runId), event.phases);
      return { state: draft.state, effects: draft.effects };
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
    case 'workerJoined':
      workerJoined(draft, event.hello);
      break;
    case 'workerLeft':
      workerLeft(draft, event.workerId, event.why);
      break;
    case 'workerSaid': {
      const worker = draft.worker(event.workerId);
      // Reports and heartbeats are many, and mostly change nothing that the schedule looks at.
      if (worker && !workerSaid(draft, worker, event)) return { state: draft.state, effects: draft.effects };
      break;
    }
    case 'checkpointStored':
      checkpointStored(draft, draft.run(event.runId), event);
      break;
    case 'storageFailed': {
      const run = draft.run(event.runId);
      if (!isFinal(run.state) && run.state !== 'paused') release(draft, run, 'failed', event.why);
      break;
    }
    case 'tick':
      forgiveOwnSleep(draft);
      for (const workerId of draft.workerIds()) loseIfSilent(draft, workerId);
      for (const runId of draft.runIds()) {
        noteStall(draft, runId);
        tryRoadAgain(draft, runId);
      }
      break;
  }
  schedule(draft);
  // Whoever got no work may measure, and who got some does no longer.
  measure(draft);
  return { state: draft.state, effects: draft.effects };
}

function checkpointStored(
  draft: Draft,
  run: RunRecord,
  { generation, checkpoint: stored, kept }: Extract<CoordinatorEvent, { type: 'checkpointStored' }>,
): void {
  const others = run.checkpoints.filter(({ phase }) => phase !== stored.phase && kept.includes(phase));
  // A replica was found wrong while this was on its way. Where nothing else is left, it must do.
  if (generation < run.trustedSince && others.length > 0) {
    run.checkpoints = others;
    return draft.persist(run.runId);
  }
  run.checkpoints = [...others, stored].sort((a, b) => a.phase - b.phase);
  draft.persist(run.runId);
  if (run.stage === 'collecting' && stored.phase === run.phase) run.stage = 'holding';
  else completeIfDurable(draft, run);
  if (newestCheckpoint(run).phase === stored.phase && kept.includes(stored.phase)) evaluateIfDue(draft, run);
}

function checkpointsDropped(draft: Draft, run: RunRecord, phases: readonly number[]): void {
  const left = run.checkpoints.filter(({ phase }) => !phases.includes(phase));
  if (left.length === run.checkpoints.length) return;
  run.checkpoints = left;
  draft.persist(run.runId);
}
