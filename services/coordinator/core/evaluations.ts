/**
 * Evaluations beside training: which checkpoint is measured next, what its measures make of it, and what of it is told.
 *
 * One at a time, whatever the number of runs: a machine that trains has little to spare. Of each run at most one waits, the
 * newest: a checkpoint that comes while another waits takes its place. So at most as many wait as runs train at once, and
 * a run keeps at most three checkpoints beside its newest `keep`: the best, the one that is measured and the one that waits.
 */

import { waitsOf } from '../../control/failureDetection.ts';
import type { EvaluationAnswer } from '../../control/messages.ts';
import { evaluationDue } from '../../plan/evaluationDue.ts';
import {
  type Evaluation,
  type EvaluationOutcome,
  type EvaluationRecord,
  withEvaluation,
} from '../../report/evaluation.ts';
import { describeBest, describeMeasurers, describeMeasures } from '../../report/evaluationText.ts';
import type { Draft } from './draft.ts';
import { joined, metricsOf, whatOf, wrongWith } from './evaluationMeasures.ts';
import type { CoordinatorEvent } from './event.ts';
import { callOff, dealMetrics, giveUpOn, measurerAnswered } from './measuring.ts';
import {
  type CheckpointRecord,
  type CoordinatorState,
  type EvaluationPart,
  type EvaluationQueue,
  type EvaluationTurn,
  type MeasuredPart,
  newestCheckpoint,
  type RunningEvaluation,
  type RunRecord,
  type WorkerRecord,
} from './state.ts';

/** Lines the run's newest checkpoint up where it is due. */
export function evaluateIfDue(draft: Draft, run: Readonly<RunRecord>): void {
  const turn = { runId: run.runId, phase: newestCheckpoint(run).phase };
  if (!isWanted(run, turn.phase)) return;
  draft.evaluations = withTurn(draft.evaluations, turn);
}

/** The coordinator was started: what the one before it left undone waits a moment for workers to come back. */
export function evaluateWhatIsLeft(draft: Draft): void {
  for (const runId of draft.runIds()) evaluateIfDue(draft, draft.run(runId));
  if (draft.evaluations.waiting.length === 0) return;
  draft.evaluations = { ...draft.evaluations, ownFromMs: draft.nowMs + waitsOf(draft.failureDetectionMs).returnMs };
}

/** After every event: where nothing is measured the next checkpoint's turn comes, and what nobody measures is dealt. */
export function measure(draft: Draft): void {
  startNext(draft);
  dealMetrics(draft);
}

export function evaluationEnded(draft: Draft, { turn, outcome }: CoordinatorEvent & { type: 'evaluationEnded' }): void {
  const { running } = draft.evaluations;
  if (running?.runId !== turn.runId || running.phase !== turn.phase) return;
  const part = running.parts.find(({ workerId }) => workerId === undefined);
  if (!part) return;
  if (outcome.type === 'measured') return measured(draft, running, part, outcome);
  callOff(draft, running);
  end(draft, running, () => tellFailure(draft, draft.run(running.runId), running.phase, outcome.why));
}

/** What comes late, twice, or of another worker than was asked means nothing. */
export function evaluationAnswered(draft: Draft, worker: WorkerRecord, answer: EvaluationAnswer): void {
  const { running } = draft.evaluations;
  const part = running?.parts.find(({ partId }) => partId === answer.evaluationId);
  if (!running || part?.workerId !== worker.workerId) return;
  measurerAnswered(draft, worker);
  const wrong = wrongWith(answer.outcome, draft.run(running.runId), running, part);
  if (wrong !== undefined) giveUpOn(draft, worker, part, wrong);
  else if (answer.outcome.type === 'measured') measured(draft, running, part, answer.outcome);
}

function measured(
  draft: Draft,
  running: RunningEvaluation,
  { partId, metrics, workerId }: EvaluationPart,
  { type: _, ...found }: EvaluationOutcome & { type: 'measured' },
): void {
  const parts = running.parts.filter((part) => part.partId !== partId);
  const all = [...running.measured, { metrics, workerId, ...found }];
  if (parts.length + running.open.length + running.own.length > 0) {
    draft.evaluations = { ...draft.evaluations, running: { ...running, parts, measured: all } };
    return;
  }
  end(draft, running, (run) => {
    const kept = run.checkpoints.find((checkpoint) => checkpoint.phase === running.phase);
    if (kept && all.every(({ weightsSha256 }) => weightsSha256 === kept.weightsSha256)) keep(draft, run, kept, all);
    else tellFailure(draft, run, running.phase, 'The run went back meanwhile, and that checkpoint does not count.');
  });
}

function end(draft: Draft, { runId }: RunningEvaluation, tell: (run: RunRecord) => void): void {
  draft.evaluations = { ...draft.evaluations, running: undefined };
  const run = draft.run(runId);
  tell(run);
  // What was kept for this alone may go.
  draft.emit({ type: 'dropCheckpoints', runId, newest: newestCheckpoint(run).phase });
}

/** Phases whose checkpoints stay, however old they are. */
export function sparedPhases({ runs, evaluations }: CoordinatorState, runId: string): ReadonlySet<number> {
  const { running, waiting } = evaluations;
  const turns = [...waiting, ...(running ? [running] : [])].filter((turn) => turn.runId === runId);
  const best = runs.get(runId)?.evaluated.best;
  return new Set([...turns, ...(best ? [best] : [])].map(({ phase }) => phase));
}

/** Of a run that goes back since what is newer may be wrong: what was measured of that counts no more. */
export function forgetUnsure(run: RunRecord): void {
  const { newest, best } = run.evaluated;
  const { phase } = newestCheckpoint(run);
  const isSure = (one: { readonly phase: number }) => one.phase <= phase;
  run.evaluated = {
    newest: newest && isSure(newest) ? newest : undefined,
    best: best && isSure(best) ? best : undefined,
  };
}

/** A run whose phases are computed again has the same bits: what was evaluated is not again. */
function isWanted({ config, totalPhases, evaluated }: Readonly<RunRecord>, phase: number): boolean {
  return evaluationDue(config, phase, totalPhases) && phase > (evaluated.newest?.phase ?? 0);
}

/** In the place of the run's turn that waits, so that other runs wait no longer for it. */
function withTurn(queue: EvaluationQueue, turn: EvaluationTurn): EvaluationQueue {
  const { waiting } = queue;
  const isThere = waiting.some(({ runId }) => runId === turn.runId);
  const replaced = waiting.map((other) => (other.runId === turn.runId ? turn : other));
  return { ...queue, waiting: isThere ? replaced : [...waiting, turn] };
}

function startNext(draft: Draft): void {
  if (draft.evaluations.running || draft.evaluations.waiting.length === 0) return;
  const [next, ...waiting] = draft.evaluations.waiting.filter(({ runId, phase }) => {
    const run = draft.run(runId);
    // Where the run went back, the checkpoint comes again.
    return isWanted(run, phase) && run.checkpoints.some((kept) => kept.phase === phase);
  });
  const running = next && { ...next, ...UNDEALT, open: metricsOf(draft.run(next.runId)) };
  draft.evaluations = { ...draft.evaluations, running, waiting };
}

const UNDEALT = { own: [], parts: [], measured: [], gone: new Set<string>() };

function keep(
  draft: Draft,
  run: RunRecord,
  { phase, weightsSha256 }: CheckpointRecord,
  parts: readonly MeasuredPart[],
): void {
  const byMetric = joined(run, parts);
  const evaluation = { phase, of: whatOf(run), measures: byMetric.flatMap(({ measures }) => measures) };
  run.evaluated = withEvaluation(run.evaluated, evaluation, run.config.evaluation?.keepBest);
  const event = {
    kind: 'evaluation' as const,
    runId: run.runId,
    ...evaluation,
    why: `${sentence(evaluation, run.evaluated)}${describeMeasurers(byMetric)}`,
  };
  draft.emit({ type: 'keepEvaluation', event, weightsSha256 });
}

function tellFailure(draft: Draft, run: RunRecord, phase: number, reason: string): void {
  const why = `The checkpoint of phase ${phase} was not evaluated: ${reason}`;
  const of = whatOf(run);
  draft.emit({ type: 'publish', event: { kind: 'evaluation', runId: run.runId, phase, of, measures: [], why } });
}

function sentence({ phase, of, measures }: Evaluation, { best }: EvaluationRecord): string {
  const what = of === 'ema' ? 'G’s moving average' : 'G';
  const found = `${what} after ${phase} phases: ${describeMeasures(measures)}.`;
  if (best === undefined) return found;
  return `${found} ${best.phase === phase ? `The best by ${best.measure} so far.` : `The best is ${describeBest(best)}.`}`;
}
