/** What people ask of a run, and what is allowed when. */
import { GanglionError } from '../../errors/ganglionError.ts';
import { HEALTHY } from '../../illness/watch.ts';
import { NOT_EVALUATED } from '../../report/evaluation.ts';
import type { RunState } from '../../report/runEvent.ts';
import type { Draft } from './draft.ts';
import type { NewRun } from './event.ts';
import { haltAll, release, stop } from './generation.ts';
import { AT_REST, newestCheckpoint, type RunRecord } from './state.ts';

export function createRun(draft: Draft, run: NewRun): void {
  const record: RunRecord = {
    ...run,
    updatedAtMs: draft.nowMs,
    state: 'queued',
    why: '',
    ...AT_REST,
    generation: 0,
    phase: 0,
    furthest: 0,
    progressAtMs: draft.nowMs,
    agreedPhase: 0,
    trustedSince: 0,
    generationAtMs: draft.nowMs,
    generationPhase: 0,
    heals: 0,
    deviceClass: '',
    road: 'direct',
    returningUntilMs: 0,
    statistics: {},
    illness: HEALTHY,
    evaluated: NOT_EVALUATED,
  };
  draft.putRun(record);
  draft.enter(record, 'queued', 'Accepted; waits for its turn.');
}

export function pauseRun(draft: Draft, runId: string): void {
  const run = draft.namedRun(runId);
  allow(run, 'pause', ['queued', 'starting', 'running', 'waiting']);
  settle(draft, run, 'pause', 'A person asked to pause.');
}

export function cancelRun(draft: Draft, runId: string): void {
  const run = draft.namedRun(runId);
  allow(run, 'cancel', ['queued', 'starting', 'running', 'waiting', 'pausing', 'paused']);
  settle(draft, run, 'cancel', 'A person asked to cancel.');
}

export function resumeRun(draft: Draft, runId: string, fromPhase: number | undefined): void {
  const run = draft.namedRun(runId);
  allow(run, 'resume', ['paused', 'failed', 'cancelled']);
  const phases = run.checkpoints.map(({ phase }) => phase);
  if (fromPhase !== undefined && !phases.includes(fromPhase)) {
    throw new GanglionError({
      code: 'not-found',
      message: `Run '${runId}' keeps no checkpoint of phase ${fromPhase}; it has ${phases.join(', ')}.`,
      remedy: 'Name one of these, or none for the newest.',
    });
  }
  // Going back drops what is newer from the record: the same phases are computed again, to the same bits.
  run.checkpoints = run.checkpoints.filter(({ phase }) => phase <= (fromPhase ?? Number.POSITIVE_INFINITY));
  run.phase = newestCheckpoint(run).phase;
  run.furthest = run.phase;
  // Whoever resumes has looked at what went wrong: what comes is counted from here.
  run.heals = 0;
  draft.enter(run, 'queued', `Resumes from phase ${run.phase}.`);
}

/** At once where nobody works for it or is expected; else at the next phase boundary, which leads to a durable checkpoint. */
function settle(draft: Draft, run: RunRecord, intent: 'pause' | 'cancel', why: string): void {
  run.intent = intent;
  // Former members may come back with a newer state than the disk has.
  if (run.stage === 'idle' && run.returning.length === 0) {
    const { phase, weightsSha256 } = newestCheckpoint(run);
    const state = intent === 'pause' ? 'paused' : 'cancelled';
    return release(draft, run, state, `${why} The checkpoint of phase ${phase} is on disk.`, weightsSha256);
  }
  draft.enter(run, 'pausing', why);
  if (run.stage === 'training') return stop(draft, run, why);
  if (run.stage === 'loading') return haltAll(draft, run, why);
  run.reason = why;
}

function allow(run: RunRecord, verb: string, states: readonly RunState[]): void {
  if (states.includes(run.state)) return;
  throw new GanglionError({
    code: 'wrong-state',
    message: `Run '${run.runId}' is ${run.state}; only a run that is ${states.join(', ')} can be asked to ${verb}.`,
    remedy: 'See `ganglion runs get` for what it is doing.',
  });
}
