/** What a run's evaluation file tells: after a restart of the coordinator the best checkpoint is the best. */
import type { RunConfig } from '../config/runConfig.ts';
import { type EvaluationRecord, NOT_EVALUATED, withEvaluation } from '../report/evaluation.ts';
import type { EvaluationToKeep } from './core/effect.ts';
import type { EvaluationLine } from './evaluationFile.ts';

/** @param stored checkpoints that are whole: of the others, and of weights that were replaced since, none is the best. */
export function recordOf(
  { evaluation }: RunConfig,
  lines: readonly EvaluationLine[],
  stored: readonly { readonly phase: number; readonly weightsSha256: string }[],
): EvaluationRecord {
  return lines.reduce((record, { phase, of, weightsSha256, measures: byName }) => {
    const measures = Object.entries(byName).map(([name, measured]) => ({ name, ...measured }));
    const isThere = stored.some((one) => one.phase === phase && one.weightsSha256 === weightsSha256);
    return withEvaluation(record, { phase, of, measures }, isThere ? evaluation?.keepBest : undefined);
  }, NOT_EVALUATED);
}

export function lineOf(
  { runId, phase, of, measures }: EvaluationToKeep,
  at: { readonly timeMs: number; readonly seed: number; readonly weightsSha256: string },
): EvaluationLine {
  const byName = measures.map(({ name, ...measured }) => [name, measured] as const);
  return { schema: 'ganglion.v1', runId, ...at, phase, of, measures: Object.fromEntries(byName) };
}
