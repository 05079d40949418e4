/**
 * Proves that what is due after a phase depends on config and phase alone, that everything is due at the end, and that
 * statistics are computed exactly where a report will want them.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunConfig } from '../../services/config/runConfig.ts';
import { dueAfter, wantsStatistics } from '../../services/worker/cadence.ts';
import { alternating, planConfig, SIMULTANEOUS } from '../plan/configs.ts';

const TOTAL = 120;

function config(
  everyPhases: { report?: number; hash?: number; checkpoint?: number; snapshot?: number },
  schedule: Parameters<typeof planConfig>[0]['schedule'] = alternating(1),
): RunConfig {
  const { report = 10, hash = 50, checkpoint = 40, snapshot = 30 } = everyPhases;
  const plan = planConfig({ batchSize: 8, phases: TOTAL, schedule });
  return {
    ...plan,
    reports: { everyPhases: report, hashEveryPhases: hash },
    checkpoints: { ...plan.checkpoints, everyPhases: checkpoint },
    snapshots: { ...plan.snapshots, everyPhases: snapshot },
  };
}

const phases = Array.from({ length: TOTAL }, (_, i) => i + 1);
const whenDue = (run: RunConfig, what: keyof ReturnType<typeof dueAfter>, total = TOTAL) =>
  phases.filter((applied) => applied <= total && dueAfter(run, applied, total)[what]);

describe('dueAfter', () => {
  it('gives each thing its own rhythm', () => {
    const run = config({});
    expect(whenDue(run, 'checkpoint')).toEqual([40, 80, 120]);
    expect(whenDue(run, 'snapshot')).toEqual([30, 60, 90, 120]);
    expect(whenDue(run, 'hash')).toEqual([50, 100, 120]);
    expect(whenDue(run, 'report')).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]);
  });

  it('stores what is to be evaluated', () => {
    const run = { ...config({ checkpoint: 40 }), evaluation: { everyPhases: 50, seed: 0 } };
    expect(whenDue(run, 'checkpoint')).toEqual([40, 50, 80, 100, 120]);
    expect(whenDue({ ...run, evaluation: { everyPhases: 500, seed: 0 } }, 'checkpoint')).toEqual([40, 80, 120]);
  });

  it('reports where hashes are compared, whatever the rhythm of reports', () => {
    expect(whenDue(config({ report: 70, hash: 50 }), 'report')).toEqual([50, 70, 100, 120]);
  });

  it('has everything due after the last phase, and after the only one', () => {
    const all = { report: true, hash: true, checkpoint: true, snapshot: true };
    expect(dueAfter(config({}), 113, 113)).toEqual(all);
    expect(dueAfter(config({}), 1, 1)).toEqual(all);
  });

  it('has nothing due in between', () => {
    expect(dueAfter(config({}), 7, TOTAL)).toEqual({ report: false, hash: false, checkpoint: false, snapshot: false });
  });
});

describe('wantsStatistics', () => {
  it('wants the whole cycle of D and G phases that leads to a report', () => {
    const wanted = (run: RunConfig) => phases.filter((applied) => wantsStatistics(run, applied, TOTAL)).slice(0, 6);
    expect(wanted(config({}, SIMULTANEOUS))).toEqual([10, 20, 30, 40, 50, 60]);
    expect(wanted(config({}, alternating(1)))).toEqual([9, 10, 19, 20, 29, 30]);
    expect(wanted(config({}, alternating(2)))).toEqual([8, 9, 10, 18, 19, 20]);
  });

  it('wants it before the last report too, and never looks beyond it', () => {
    const run = config({ report: 100, hash: 100 }, alternating(2));
    expect(phases.filter((applied) => applied > 100 && wantsStatistics(run, applied, TOTAL))).toEqual([118, 119, 120]);
  });

  it('holds for any rhythm: a phase is wanted if and only if a report follows within its cycle', () => {
    const rhythm = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(rhythm, rhythm, fc.integer({ min: 1, max: 6 }), (report, hash, steps) => {
        const run = config({ report, hash }, alternating(steps));
        const reports = whenDue(run, 'report');
        for (const applied of phases) {
          const soon = reports.some((at) => at >= applied && at - applied <= steps);
          expect(wantsStatistics(run, applied, TOTAL)).toBe(soon);
        }
      }),
      { numRuns: 40 },
    );
  });
});
