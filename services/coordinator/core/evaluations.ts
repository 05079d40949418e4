/**
 * Evaluations beside training: which checkpoint is measured next, what its measures make of it, and what of it is told.
 *
 * One at a time, whatever the number of runs: a machine that trains has little to spare. Of each run at most one waits, the
 * newest: a checkpoint that comes while another waits takes its place. So at most as many wait as runs train at once, and
 * a run keeps at most three checkpoints beside its newest `keep`: the best, the one that is measured and the one that waits.
 */

import { evaluationDue } from '../../plan/evaluationDue.ts';
import { type Evaluation, type EvaluationRecord, withEvaluation } from '../../report/evaluation.ts';
import { describeBest, describeMeasures } from '../../report/evaluationText.ts';
import type { Draft } from './draft.ts';
import type { CoordinatorEvent } from './event.ts';
import {
  type CoordinatorState,
  type EvaluationQueue,
  type EvaluationTurn,
  newestCheckpoint,
  type RunRecord,
} from './state.ts';

/** Lines the run's newest checkpoint up where it is due. */
export function evaluateIfDue(draft: Draft, run: Readonly<RunRecord>): void {
  const turn = { runId: run.runId, phase: newestCheckpoint(run).phase };
  if (!isWanted(run, turn.phase)) return;
  draft.evaluations = withTurn(draft.evaluations, turn);
  startNext(draft);
}

export function evaluationEnded(draft: Draft, { turn, outcome }: CoordinatorEvent & { type: 'evaluationEnded' }): void {
  const { running } = draft.evaluations;
  if (running?.runId !== turn.runId || running.phase !== turn.phase) return;
  draft.evaluations = { ...draft.evaluations, running: undefined };
  const run = draft.run(turn.runId);
  const of = run.config.ema === undefined ? 'live' : 'ema';
  if (outcome.type === 'failed') {
    tellFailure(draft, run, { ...turn, of }, outcome.why);
  } else if (!isKept(run, turn.phase, outcome.weightsSha256)) {
    tellFailure(draft, run, { ...turn, of }, 'The run went back meanwhile, and that checkpoint does not count.');
  } else {
    keep(draft, run, { phase: turn.phase, of: outcome.of, measures: outcome.measures }, outcome);
  }
  // What was kept for this alone may go.
  draft.emit({ type: 'dropCheckpoints', runId: run.runId, newest: newestCheckpoint(run).phase });
  startNext(draft);
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

function isKept({ checkpoints }: Readonly<RunRecord>, phase: number, weightsSha256: string): boolean {
  return checkpoints.some((kept) => kept.phase === phase && kept.weightsSha256 === weightsSha256);
}

/** In the place of the run's turn that waits, so that other runs wait no longer for it. */
function withTurn({ running, waiting }: EvaluationQueue, turn: EvaluationTurn): EvaluationQueue {
  const isThere = waiting.some(({ runId }) => runId === turn.runId);
  const replaced = waiting.map((other) => (other.runId === turn.runId ? turn : other));
  return { running, waiting: isThere ? replaced : [...waiting, turn] };
}

function startNext(draft: Draft): void {
  if (draft.evaluations.running) return;
  const waiting = draft.evaluations.waiting.filter(({ runId, phase }) => {
    const run = draft.run(runId);
    // Where the run went back, the checkpoint comes again.
    return isWanted(run, phase) && run.checkpoints.some((kept) => kept.phase === phase);
  });
  const [next, ...others] = waiting;
  draft.evaluations = { running: next, waiting: others };
  if (next) draft.emit({ type: 'evaluate', turn: next });
}

function keep(
  draft: Draft,
  run: RunRecord,
  evaluation: Evaluation,
  { weightsSha256 }: { readonly weightsSha256: string },
): void {
  run.evaluated = withEvaluation(run.evaluated, evaluation, run.config.evaluation?.keepBest);
  const event = {
    kind: 'evaluation' as const,
    runId: run.runId,
    ...evaluation,
    measures: [...evaluation.measures],
    why: sentence(evaluation, run.evaluated),
  };
  draft.emit({ type: 'keepEvaluation', event, weightsSha256 });
}

function tellFailure(
  draft: Draft,
  run: RunRecord,
  { phase, of }: Pick<Evaluation, 'phase' | 'of'>,
  reason: string,
): void {
  const why = `The checkpoint of phase ${phase} was not evaluated: ${reason}`;
  draft.emit({ type: 'publish', event: { kind: 'evaluation', runId: run.runId, phase, of, measures: [], why } });
}

function sentence({ phase, of, measures }: Evaluation, { best }: EvaluationRecord): string {
  const what = of === 'ema' ? 'G’s moving average' : 'G';
  const found = `${what} after ${phase} phases: ${describeMeasures(measures)}.`;
  if (best === undefined) return found;
  return `${found} ${best.phase === phase ? `The best by ${best.measure} so far.` : `The best is ${describeBest(best)}.`}`;
}
