/** What is asked of an evaluation, whether a worker's answer can be it, and what all parts together found. Pure. */
import { MEASURES, type Metric } from '../../evaluate/measures.ts';
import { measuresFor, metricsFor } from '../../evaluate/metricsFor.ts';
import type { Evaluation, EvaluationOutcome, Measured } from '../../report/evaluation.ts';
import type { EvaluationPart, MeasuredPart, RunningEvaluation, RunRecord } from './state.ts';

type Asked = Pick<RunRecord, 'config' | 'checkpoints'>;

export function metricsOf({ config }: Asked): readonly Metric[] {
  return config.evaluation?.metrics ?? metricsFor(config.data);
}

/** What of G is measured. */
export function whatOf({ config }: Asked): Evaluation['of'] {
  return config.ema === undefined ? 'live' : 'ema';
}

/** A sentence that a worker says goes into the log: no longer than a child's last words. */
const WHY_CHARS_MAX = 1_024;

/** Why a worker's outcome is not what it was asked for; undefined where it is. */
export function wrongWith(
  outcome: EvaluationOutcome,
  run: Asked,
  { phase }: RunningEvaluation,
  { metrics }: EvaluationPart,
): string | undefined {
  if (outcome.type === 'failed') return outcome.why.slice(0, WHY_CHARS_MAX);
  const kept = run.checkpoints.find((checkpoint) => checkpoint.phase === phase);
  // Of a run that went back nothing counts in the end, whoever measured it.
  const isOther = kept !== undefined && kept.weightsSha256 !== outcome.weightsSha256;
  if (isOther || outcome.of !== whatOf(run)) return 'it measured other weights.';
  const names = outcome.measures.map(({ name }) => name).sort();
  const asked = [...measuresFor(run.config.data, metrics)].sort();
  const isWhole = names.length === asked.length && asked.every((name, index) => name === names[index]);
  if (!isWhole) return 'it measured something else than was asked for.';
  const allFinite = outcome.measures.every(({ value, standardError = 0 }) => Number.isFinite(value + standardError));
  return allFinite ? undefined : 'it found a value that is not finite.';
}

const METRIC_OF = new Map<string, Metric>(Object.entries(MEASURES).map(([name, { metric }]) => [name, metric]));

interface MeasuredMetric {
  readonly metric: Metric;
  readonly workerId: string | undefined;
  readonly measures: readonly Measured[];
}

/** In the order of the config, whoever measured what. */
export function joined(run: Asked, parts: readonly MeasuredPart[]): MeasuredMetric[] {
  return metricsOf(run).flatMap((metric) => {
    const part = parts.find(({ metrics }) => metrics.includes(metric));
    if (!part) return [];
    const measures = part.measures.filter(({ name }) => METRIC_OF.get(name) === metric);
    return [{ metric, workerId: part.workerId, measures }];
  });
}
