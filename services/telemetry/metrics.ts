/**
 * Everything the coordinator tells Prometheus. Callers say what happened; only this file and metricFamilies know
 * prom-client.
 *
 * The `run` label is bounded: the RUNS_MAX runs of which something was last heard have series, older ones lose theirs.
 */
import type { Gauge } from 'prom-client';
import type { NetworkName } from '../config/runConfig.ts';
import type { ReportCounts } from '../control/messages.ts';
import { MEASURES } from '../evaluate/measures.ts';
import type { Spread } from '../illness/spread.ts';
import { ALARM_NAMES } from '../report/alarms.ts';
import type { Measured } from '../report/evaluation.ts';
import { FAULTS, type Fault } from '../report/faults.ts';
import { type PhaseEvent, RUN_STATES, type RunEventKind, type RunState } from '../report/runEvent.ts';
import { type LiveRun, slowestWorkers } from './liveRun.ts';
import { createFamilies, type MetricFamilies } from './metricFamilies.ts';

/** 32 runs × 43 series. */
const RUNS_MAX = 32;
const PARTS = ['compute', 'exchange', 'wait', 'apply'] as const;
const NETWORKS = ['generator', 'discriminator'] as const satisfies NetworkName[];
const KINDS = ['state', 'phase', 'snapshot', 'membership', 'alarm', 'evaluation'] as const satisfies RunEventKind[];

/** Where a run stands when it is opened: counters count from there. */
export interface RunStanding {
  /** Committed phases. */
  readonly phase: number;
  /** Real samples used. */
  readonly samples: number;
  readonly totalPhases: number;
  /** When its newest checkpoint became durable. */
  readonly checkpointAtMs: number;
  /** Names of the alarms that are raised. */
  readonly alarms: readonly string[];
  /** Of the newest evaluation. */
  readonly measures: readonly Measured[];
  /** Updates that each network had before a phase. */
  readonly updatesBefore: (phase: number) => Readonly<Record<NetworkName, number>>;
}

interface Counted {
  phase: number;
  samples: number;
  readonly updatesBefore: RunStanding['updatesBefore'];
}

export class CoordinatorMetrics {
  readonly #families: MetricFamilies = createFamilies();
  /** Runs with series, the one last heard of last. */
  readonly #runsWithSeries = new Set<string>();
  /** What is counted of each run, as long as the coordinator holds it: two numbers. */
  readonly #counted = new Map<string, Counted>();

  constructor(build: { version: string }) {
    const { buildInfo, phaseDuration, phases, natsDropped, alarmsRaised, faults } = this.#families;
    buildInfo.set({ version: build.version, node: process.version }, 1);
    // Series that exist from the start: a rate over the first increment is right, an alert on absence is not misled.
    for (const part of PARTS) phaseDuration.zero({ part });
    for (const network of NETWORKS) phases.inc({ network }, 0);
    for (const alarm of ALARM_NAMES) alarmsRaised.inc({ alarm }, 0);
    for (const fault of FAULTS) faults.inc({ fault }, 0);
    for (const kind of KINDS) natsDropped.inc({ kind }, 0);
    this.runs([]);
    this.workers({ idle: 0, busy: 0 });
  }

  get contentType(): string {
    return this.#families.registry.contentType;
  }

  /** What /metrics answers: the text exposition format. What changes with every message is asked for here, and not told. */
  text(live: readonly LiveRun[]): Promise<string> {
    const shown = live.filter(({ runId }) => this.#runsWithSeries.has(runId));
    for (const { runId: run, state: current, workersMin, members } of shown) {
      for (const state of RUN_STATES) this.#families.runState.set({ run, state }, state === current ? 1 : 0);
      this.#families.runWorkers.set({ run }, members.length);
      this.#families.runWorkersMin.set({ run }, workersMin);
    }
    this.#families.workerCompute.reset();
    for (const { run, worker, seconds } of slowestWorkers(shown))
      this.#families.workerCompute.set({ run, worker }, seconds);
    return this.#families.registry.metrics();
  }

  /** A run is new, or taken up again. */
  runOpened(run: string, at: RunStanding): void {
    const { phase, samples, totalPhases, checkpointAtMs, alarms, measures, updatesBefore } = at;
    this.#counted.set(run, { phase, samples, updatesBefore });
    const label = this.#label(run);
    this.#families.phase.set(label, phase);
    this.#families.phasesPlanned.set(label, totalPhases);
    this.#families.checkpointTime.set(label, checkpointAtMs / 1000);
    for (const alarm of ALARM_NAMES) this.#families.alarm.set({ ...label, alarm }, alarms.includes(alarm) ? 1 : 0);
    this.evaluated(run, measures);
  }

  /** A report of one or more phases; the counts are those since the report before. */
  phaseReported(event: PhaseEvent, counts: ReportCounts): void {
    const { runId, statistics, timings } = event;
    const families = this.#families;
    const label = this.#label(runId);
    for (const part of PARTS) {
      const seconds = timings[`${part}Ms`] / 1000;
      if (Number.isFinite(seconds)) families.phaseDuration.observe({ part }, Math.max(0, seconds));
    }
    this.#count(event);
    families.exchangedBytes.inc(counts.exchangedBytes);
    families.savedBytes.inc(counts.savedBytes);
    families.compileFallbacks.inc(counts.compileFallbacks);
    families.phase.set(label, event.phase + 1);
    families.phasesPlanned.set(label, event.totalPhases);
    families.lastPhase.set(label, event.timeMs / 1000);
    const { discriminatorLoss, generatorLoss, value, dReal, dFake, penalty } = statistics;
    setIfThere(families.loss, { ...label, network: 'discriminator' }, discriminatorLoss);
    setIfThere(families.loss, { ...label, network: 'generator' }, generatorLoss);
    setIfThere(families.value, label, value);
    setIfThere(families.penalty, label, penalty);
    setIfThere(families.discriminatorOutput, { ...label, on: 'real' }, dReal);
    setIfThere(families.discriminatorOutput, { ...label, on: 'fake' }, dFake);
    const { discriminatorGradientNorm, generatorGradientNorm } = statistics;
    setIfThere(families.gradientNorm, { ...label, network: 'discriminator' }, discriminatorGradientNorm);
    setIfThere(families.gradientNorm, { ...label, network: 'generator' }, generatorGradientNorm);
  }

  membershipChanged(run: string, generation: number): void {
    this.#families.generation.set(this.#label(run), generation);
  }

  /** How a snapshot's pictures spread over the data. */
  picturesCompared(run: string, { diversity, coverage }: Spread): void {
    const label = this.#label(run);
    this.#families.sampleDiversity.set(label, diversity);
    this.#families.sampleCoverage.set(label, coverage);
  }

  alarmChanged(run: string, alarm: string, active: boolean): void {
    this.#families.alarm.set({ ...this.#label(run), alarm }, active ? 1 : 0);
    if (active) this.#families.alarmsRaised.inc({ alarm });
  }

  faultMet(fault: Fault): void {
    this.#families.faults.inc({ fault });
  }

  /** A checkpoint was evaluated; no measures where that failed. */
  evaluated(run: string, measures: readonly Measured[]): void {
    const label = this.#label(run);
    for (const { name, value } of measures) this.#families.evaluation.set({ ...label, measure: name }, value);
  }

  /** The state of every run that the coordinator holds. */
  runs(states: readonly RunState[]): void {
    for (const state of RUN_STATES) {
      this.#families.runs.set({ state }, states.filter((found) => found === state).length);
    }
  }

  workers(count: { idle: number; busy: number }): void {
    this.#families.workers.set({ state: 'idle' }, count.idle);
    this.#families.workers.set({ state: 'busy' }, count.busy);
  }

  checkpointWritten(run: string, checkpoint: { seconds: number; bytes: number; timeMs: number }): void {
    this.#families.checkpointDuration.observe(checkpoint.seconds);
    this.#families.checkpointSize.set(checkpoint.bytes);
    this.#families.checkpointTime.set(this.#label(run), checkpoint.timeMs / 1000);
  }

  /** Events that will never be on NATS: phases that the ring had no room for, or an event that is too long. */
  natsDropped(kind: RunEventKind, count: number): void {
    this.#families.natsDropped.inc({ kind }, count);
  }

  natsDepth(events: number): void {
    this.#families.natsDepth.set(events);
  }

  natsConnected(yes: boolean): void {
    this.#families.natsConnected.set(yes ? 1 : 0);
  }

  /** A counter never goes back: what a run repeats after it went back to a checkpoint was counted before. */
  #count({ runId, phase, samples, timings }: PhaseEvent): void {
    const before = this.#counted.get(runId);
    if (!before) return;
    const updates = { before: before.updatesBefore(before.phase), now: before.updatesBefore(phase + 1) };
    for (const network of NETWORKS) {
      this.#families.phases.inc({ network }, Math.max(0, updates.now[network] - updates.before[network]));
    }
    this.#families.samples.inc(Math.max(0, samples - before.samples));
    const usefulMs = (timings.computeMs + timings.exchangeMs + timings.applyMs) * (phase + 1 - before.phase);
    if (Number.isFinite(usefulMs)) this.#families.usefulSeconds.inc(Math.max(0, usefulMs) / 1000);
    before.phase = Math.max(before.phase, phase + 1);
    before.samples = Math.max(before.samples, samples);
  }

  /** Notes that something was heard of a run; removes the series of the run that was silent longest where there are too many. */
  #label(run: string): { run: string } {
    this.#runsWithSeries.delete(run);
    this.#runsWithSeries.add(run);
    const [silent] = this.#runsWithSeries;
    if (silent !== undefined && this.#runsWithSeries.size > RUNS_MAX) this.#removeSeries(silent);
    return { run };
  }

  #removeSeries(run: string): void {
    this.#runsWithSeries.delete(run);
    const { generation, phase, phasesPlanned, value, penalty, lastPhase, sampleDiversity, sampleCoverage } =
      this.#families;
    const { runWorkers, runWorkersMin, checkpointTime } = this.#families;
    const ofGame = [value, penalty, sampleDiversity, sampleCoverage];
    const gauges = [generation, phase, phasesPlanned, lastPhase, runWorkers, runWorkersMin, checkpointTime, ...ofGame];
    for (const gauge of gauges) gauge.remove({ run });
    for (const network of NETWORKS) {
      this.#families.loss.remove({ run, network });
      this.#families.gradientNorm.remove({ run, network });
    }
    for (const alarm of ALARM_NAMES) this.#families.alarm.remove({ run, alarm });
    for (const measure of Object.keys(MEASURES)) this.#families.evaluation.remove({ run, measure });
    for (const state of RUN_STATES) this.#families.runState.remove({ run, state });
    for (const on of ['real', 'fake']) this.#families.discriminatorOutput.remove({ run, on });
  }
}

function setIfThere<L extends string>(gauge: Gauge<L>, labels: Record<L, string>, value: number | undefined): void {
  if (value !== undefined) gauge.set(labels, value);
}
