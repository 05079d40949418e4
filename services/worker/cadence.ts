/** What else is due after a phase: a pure function of the config and the phase, so that replicas never disagree. */
import type { RunConfig } from '../config/runConfig.ts';
import { evaluationDue } from '../plan/evaluationDue.ts';

export interface Due {
  readonly report: boolean;
  readonly hash: boolean;
  readonly checkpoint: boolean;
  readonly snapshot: boolean;
}

/** Due once `applied` phases are applied (1 … total). Everything is due at the end. */
export function dueAfter(config: RunConfig, applied: number, total: number): Due {
  const last = applied === total;
  const every = (phases: number) => last || applied % phases === 0;
  const hash = every(config.reports.hashEveryPhases);
  return {
    hash,
    report: hash || every(config.reports.everyPhases),
    // What is to be evaluated must be stored.
    checkpoint: every(config.checkpoints.everyPhases) || evaluationDue(config, applied, total),
    snapshot: every(config.snapshots.everyPhases),
  };
}

/**
 * Whether the phase that leads to `applied` must give statistics: a report tells the newest of both networks, so the
 * whole cycle of D and G phases before it counts.
 */
export function wantsStatistics(config: RunConfig, applied: number, total: number): boolean {
  const cycle = config.schedule.type === 'simultaneous' ? 1 : config.schedule.discriminatorSteps + 1;
  for (let ahead = applied; ahead < applied + cycle && ahead <= total; ahead++) {
    if (dueAfter(config, ahead, total).report) return true;
  }
  return false;
}
