/** What the members of a generation report, and what follows: committed phases, comparison of replicas, completion. */
import type { PhaseReport } from '../../control/messages.ts';
import { samplesUsed } from '../../plan/ledger.ts';
import { planPhase } from '../../plan/phasePlan.ts';
import type { Timings } from '../../report/statistics.ts';
import type { Draft } from './draft.ts';
import { release } from './generation.ts';
import { newestCheckpoint, type RunRecord } from './state.ts';

/** A member applied a phase. What follows waits until every member's report of that phase is there. */
export function phaseReported(draft: Draft, run: RunRecord, workerId: string, report: PhaseReport): void {
  run.phase = Math.max(run.phase, report.phase + 1);
  const reports = new Map(run.reports.get(report.phase)).set(workerId, report);
  run.reports = new Map(run.reports).set(report.phase, reports);
  if (reports.size < run.members.length) return;
  run.reports = new Map([...run.reports].filter(([phase]) => phase > report.phase));
  if (replicasDiffer(draft, run, report.phase, reports)) return;
  publishPhase(draft, run, [...reports.values()]);
  if (report.phase + 1 === run.totalPhases) {
    run.finished = new Map([...reports].map(([id, { weightsSha256 }]) => [id, weightsSha256]));
    completeIfDurable(draft, run);
  }
}

/** Completed means: every member applied the last phase, with one hash, and the checkpoint of it is on disk. */
export function completeIfDurable(draft: Draft, run: RunRecord): void {
  const { phase, weightsSha256 } = newestCheckpoint(run);
  if (run.stage !== 'training' || phase !== run.totalPhases || run.finished.size < run.members.length) return;
  run.phase = phase;
  release(draft, run, 'completed', `All ${phase} phases are committed.`, weightsSha256);
}

/** Replicas hold the same bits or the run stops: averaging on would hide the fault. */
function replicasDiffer(
  draft: Draft,
  run: RunRecord,
  phase: number,
  reports: ReadonlyMap<string, PhaseReport>,
): boolean {
  const hashes = [...reports].map(([workerId, { weightsSha256 }]) => ({ workerId, hash: weightsSha256 }));
  const given = hashes.filter(({ hash }) => hash !== '');
  if (new Set(given.map(({ hash }) => hash)).size <= 1) return false;
  const found = given.map(({ workerId, hash }) => `${workerId} ${hash.slice(0, 12)}…`).join(', ');
  const back = newestCheckpoint(run).phase;
  release(
    draft,
    run,
    'failed',
    `Replicas differ after phase ${phase}: ${found}. Resume goes back to the checkpoint of phase ${back}.`,
  );
  return true;
}

function publishPhase(draft: Draft, run: RunRecord, reports: readonly PhaseReport[]): void {
  const withStatistics = reports.find((report) => report.statistics !== undefined);
  if (!withStatistics?.statistics) return;
  const { phase, statistics } = withStatistics;
  const since = run.lastReport ?? { timeMs: run.createdAtMs, phase: 0 };
  const seconds = Math.max(draft.nowMs - since.timeMs, 1) / 1000;
  const samples = samplesUsed(run.config, run.datasetSize, phase + 1);
  const newSamples = samples - samplesUsed(run.config, run.datasetSize, since.phase);
  run.statistics = { ...run.statistics, ...statistics };
  run.lastReport = { timeMs: draft.nowMs, phase: phase + 1 };
  draft.emit({
    type: 'publish',
    exchangedBytes: reports.reduce((sum, report) => sum + report.exchangedBytes, 0),
    event: {
      kind: 'phase',
      runId: run.runId,
      phase,
      totalPhases: run.totalPhases,
      epoch: planPhase(run.config, run.datasetSize, phase).epoch,
      statistics,
      timings: slowest(reports),
      samples,
      samplesPerSecond: newSamples / seconds,
      phasesPerSecond: (phase + 1 - since.phase) / seconds,
    },
  });
}

/** Mean per phase on the worker that took longest: the one that everybody waited for. */
function slowest(reports: readonly PhaseReport[]): Timings {
  const perPhase = reports.map(({ timings: t, phaseCount }) => ({
    computeMs: t.computeMs / Math.max(phaseCount, 1),
    exchangeMs: t.exchangeMs / Math.max(phaseCount, 1),
    waitMs: t.waitMs / Math.max(phaseCount, 1),
    applyMs: t.applyMs / Math.max(phaseCount, 1),
  }));
  const busy = (t: Timings) => t.computeMs + t.applyMs + t.waitMs;
  return perPhase.reduce((a, b) => (busy(b) > busy(a) ? b : a));
}
