/** Which checkpoints are evaluated: the worker that stores them and the coordinator that has them measured must agree. */
import type { RunConfig } from '../config/runConfig.ts';

/** @param applied phases that are applied, of `total` in the run. Never at 0; at the end where there is any evaluation. */
export function evaluationDue({ evaluation }: Pick<RunConfig, 'evaluation'>, applied: number, total: number): boolean {
  if (evaluation === undefined || applied === 0) return false;
  return applied === total || applied % evaluation.everyPhases === 0;
}
