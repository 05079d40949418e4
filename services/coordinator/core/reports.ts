/** What the members of a generation report, and what follows: committed phases, comparison of replicas, completion. */
import { OrderedMap } from 'immutable';
import type { PhaseReport, ReportCounts } from '../../control/messages.ts';
import { samplesUsed } from '../../plan/ledger.ts';
import { planPhase } from '../../plan/phasePlan.ts';
import { dealShards, slowestMs } from '../../plan/shards.ts';
import type { Statistics, Timings } from '../../report/statistics.ts';
import type { Draft } from './draft.ts';
import { membersOf, release, speedsOf, stop } from './generation.ts';
import { healDifferent } from './heal.ts';
import { judge } from './illness.ts';
import { newestCheckpoint, type RunRecord, type WorkerRecord } from './state.ts';

const NOBODY = OrderedMap<string, PhaseReport>();

/** A member applied a phase. What follows waits until every member's report of that phase is there. */
export function phaseReported(draft: Draft, run: RunRecord, worker: WorkerRecord, report: PhaseReport): void {
  if (run.stage !== 'training' && run.stage !== 'stopping') return;
  progress(draft, run, report.phase + 1);
  measure(run, worker, report);
  const reports = run.reports.get(report.phase, NOBODY).set(worker.workerId, report);
  run.reports = run.reports.set(report.phase, reports);
  if (reports.size < run.members.length) return;
  run.reports = run.reports.filter((_, phase) => phase > report.phase);
  if (healDifferent(draft, run, report.phase, reports)) return;
  publishPhase(draft, run, [...reports.values()]);
  if (report.phase + 1 === run.totalPhases) {
    run.finished = new Map([...reports].map(([id, { weightsSha256 }]) => [id, weightsSha256]));
    completeIfDurable(draft, run);
  } else if (run.stage === 'training') {
    rebalance(draft, run);
  }
}

/** A phase is committed when one replica has applied it. */
export function progress(draft: Draft, run: RunRecord, phase: number): void {
  if (phase <= run.phase) return;
  run.phase = phase;
  run.progressAtMs = draft.nowMs;
  if (phase <= run.furthest) return;
  run.furthest = phase;
  run.stuck = 0;
  if (run.losses.size > 0) run.losses = new Map();
}

/** Completed means: every member applied the last phase, with one hash, and the checkpoint of it is on disk. */
export function completeIfDurable(draft: Draft, run: RunRecord): void {
  const { phase, weightsSha256 } = newestCheckpoint(run);
  const works = run.stage === 'training' || run.stage === 'stopping';
  if (!works || phase !== run.totalPhases || run.finished.size < run.members.length) return;
  run.phase = phase;
  release(draft, run, 'completed', `All ${phase} phases are committed.`, weightsSha256);
}

/** How much of the newest report counts in a worker's speed: ten reports later an old one has 3 % left. */
const SPEED_WEIGHT = 0.3;

function measure(run: RunRecord, worker: WorkerRecord, report: PhaseReport): void {
  const { timings, phaseCount } = report;
  if (phaseCount > 0) worker.timings = perPhase(report);
  const shards = run.members.find(({ workerId }) => workerId === worker.workerId)?.shards.length ?? 0;
  if (shards === 0 || phaseCount === 0) return;
  const ms = Math.max(timings.computeMs / phaseCount / shards, 0.001);
  worker.msPerShard = worker.msPerShard === undefined ? ms : (1 - SPEED_WEIGHT) * worker.msPerShard + SPEED_WEIGHT * ms;
}

/** Shards move where that makes a phase this much shorter: less is not worth a generation, and would be noise. */
const REBALANCE_GAIN = 0.75;
/**
 * Before a run's shards move, in failure detections: 30 s by default. Twice as long each time, up to 16 minutes: a machine
 * whose speed comes and goes is not worth following.
 */
const REBALANCE_AFTER = 6;
const REBALANCES_DOUBLED_MAX = 5;

/** A faster worker gets more shards. The result does not change: shards are logical. */
function rebalance(draft: Draft, run: RunRecord): void {
  const patience = REBALANCE_AFTER * 2 ** Math.min(run.rebalances, REBALANCES_DOUBLED_MAX);
  const since = run.generationAtMs + patience * draft.failureDetectionMs;
  if (draft.nowMs < since || run.config.shards <= run.members.length) return;
  const speeds = speedsOf(membersOf(draft, run));
  const now = slowestMs(
    run.members.map(({ shards }) => shards),
    speeds,
  );
  const best = slowestMs(dealShards(run.config.shards, speeds), speeds);
  if (best > REBALANCE_GAIN * now) return;
  run.rebalances += 1;
  stop(draft, run, `Shards move to faster workers: ${now.toFixed(1)} ms a phase become ${best.toFixed(1)}.`);
}

function publishPhase(draft: Draft, run: RunRecord, reports: readonly PhaseReport[]): void {
  const withStatistics = reports.find((report) => report.statistics !== undefined);
  if (!withStatistics) return;
  const { phase } = withStatistics;
  // The same on all, but for what rank 0 alone tells.
  const statistics: Statistics = Object.assign({}, ...reports.map((report) => report.statistics));
  const since = run.lastReport ?? { timeMs: run.createdAtMs, phase: 0 };
  const seconds = Math.max(draft.nowMs - since.timeMs, 1) / 1000;
  const samples = samplesUsed(run.config, run.datasetSize, phase + 1);
  const newSamples = samples - samplesUsed(run.config, run.datasetSize, since.phase);
  const total = (count: keyof ReportCounts) => reports.reduce((sum, report) => sum + report[count], 0);
  run.statistics = { ...run.statistics, ...statistics };
  run.lastReport = { timeMs: draft.nowMs, phase: phase + 1 };
  draft.emit({
    type: 'publish',
    counts: {
      exchangedBytes: total('exchangedBytes'),
      savedBytes: total('savedBytes'),
      compileFallbacks: total('compileFallbacks'),
    },
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
  judge(draft, run, { kind: 'report', phase: phase + 1, statistics });
}

/** Mean per phase on the worker that took longest: the one that everybody waited for. */
function slowest(reports: readonly PhaseReport[]): Timings {
  const busy = (t: Timings) => t.computeMs + t.applyMs + t.waitMs;
  return reports.map(perPhase).reduce((a, b) => (busy(b) > busy(a) ? b : a));
}

function perPhase({ timings, phaseCount }: PhaseReport): Timings {
  const phases = Math.max(phaseCount, 1);
  return {
    computeMs: timings.computeMs / phases,
    exchangeMs: timings.exchangeMs / phases,
    waitMs: timings.waitMs / phases,
    applyMs: timings.applyMs / phases,
  };
}
