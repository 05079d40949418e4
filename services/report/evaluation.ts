/** Evaluations of a run's checkpoints, as they are kept and told. */
import { z } from 'zod';
import { MEASURES, type MeasureName } from '../evaluate/measures.ts';

export const measuredSchema = z.strictObject({
  name: z.string().describe(`Of the measure: ${Object.keys(MEASURES).join(', ')}.`),
  value: z.number(),
  standardError: z.number().optional().describe('Where the metric’s protocol has one.'),
});
export type Measured = z.output<typeof measuredSchema>;

/** G's moving average, or its weights as they were trained. */
export const EVALUATED = ['ema', 'live'] as const;

export const evaluationSchema = z
  .strictObject({
    phase: z.int().min(0).describe('Phases applied to what was evaluated.'),
    of: z.enum(EVALUATED).describe('G’s moving average, or its weights as they were trained.'),
    measures: z.array(measuredSchema).readonly(),
  })
  .readonly();
export type Evaluation = z.output<typeof evaluationSchema>;

/** Twelve times what all metrics of MNIST by their protocols take on one busy core. */
export const EVALUATION_MS_MAX = 60 * 60 * 1000;

/** How an evaluation, or a part of one, ended. */
export type EvaluationOutcome =
  | ({ readonly type: 'measured'; readonly weightsSha256: string } & Pick<Evaluation, 'of' | 'measures'>)
  | { readonly type: 'failed'; readonly why: string };

/** The checkpoint that is best by the measure of `evaluation.keepBest`, and what that was. */
export const bestCheckpointSchema = z
  .strictObject({ phase: z.int().min(0), measure: z.string(), value: z.number() })
  .readonly();
export type BestCheckpoint = z.output<typeof bestCheckpointSchema>;

/** What is known of a run's checkpoints. */
export interface EvaluationRecord {
  readonly newest: Evaluation | undefined;
  readonly best: BestCheckpoint | undefined;
}

export const NOT_EVALUATED: EvaluationRecord = { newest: undefined, best: undefined };

/** The record with one evaluation more. Of equals the older one stays the best. */
export function withEvaluation(
  { best }: EvaluationRecord,
  evaluation: Evaluation,
  keepBest: MeasureName | undefined,
): EvaluationRecord {
  const measured = evaluation.measures.find(({ name }) => name === keepBest);
  if (keepBest === undefined || measured === undefined) return { newest: evaluation, best };
  const { value } = measured;
  const isBetter =
    best === undefined || (MEASURES[keepBest].better === 'lower' ? value < best.value : value > best.value);
  return { newest: evaluation, best: isBetter ? { phase: evaluation.phase, measure: keepBest, value } : best };
}
