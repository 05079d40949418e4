/**
 * Everything the coordinator tells Prometheus. Callers say what happened; only this file knows prom-client.
 *
 * The `run` label is bounded: the series of all but the newest RUNS_MAX runs are removed.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type PhaseEvent, RUN_STATES, type RunState } from '../report/runEvent.ts';

const RUNS_MAX = 32;
/** A phase takes 2 ms (a small MLP) to 10 s (a large network on WASM). */
const PHASE_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const CHECKPOINT_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const PARTS = ['compute', 'exchange', 'wait', 'apply'] as const;
const NETWORKS = ['generator', 'discriminator'] as const;

export class CoordinatorMetrics {
  readonly #registry = new Registry();
  readonly #seenRuns: string[] = [];
  readonly #phasesReported = new Map<string, number>();
  readonly #samplesReported = new Map<string, number>();

  readonly #phaseDuration = this.#histogram('ganglion_phase_duration_seconds', 'Mean time of a part of a phase, on the slowest worker.', ['part'], PHASE_BUCKETS_S);
  readonly #samples = this.#counter('ganglion_samples_total', 'Real samples used.');
  readonly #phases = this.#counter('ganglion_phases_total', 'Committed phases.');
  readonly #exchanged = this.#counter('ganglion_exchanged_bytes_total', 'Gradient bytes sent and received by workers.');
  readonly #workers = this.#gauge('ganglion_workers', 'Connected workers.', ['state']);
  readonly #runs = this.#gauge('ganglion_runs', 'Runs by state.', ['state']);
  readonly #generation = this.#gauge('ganglion_generation', 'Generation of a run: bumped at every change of its workers.', ['run']);
  readonly #phase = this.#gauge('ganglion_phase', 'Committed phases of a run.', ['run']);
  readonly #phasesPlanned = this.#gauge('ganglion_phases_planned', 'Phases in a whole run.', ['run']);
  readonly #loss = this.#gauge('ganglion_loss', 'Mean loss of the newest reported phase.', ['run', 'network']);
  readonly #value = this.#gauge('ganglion_value', 'V(D,G) of the newest reported phase.', ['run']);
  readonly #output = this.#gauge('ganglion_discriminator_output_ratio', 'Mean D(x) and D(G(z)) of the newest reported phase.', ['run', 'on']);
  readonly #norm = this.#gauge('ganglion_gradient_norm', "Euclidean norm of a network's mean gradient.", ['run', 'network']);
  readonly #lastPhase = this.#gauge('ganglion_last_phase_timestamp_seconds', 'When a phase was last reported.', ['run']);
  readonly #checkpointDuration = this.#histogram('ganglion_checkpoint_duration_seconds', 'Time from a state in memory to a durable checkpoint.', [], CHECKPOINT_BUCKETS_S);
  readonly #checkpointSize = this.#gauge('ganglion_checkpoint_size_bytes', 'Size of the newest checkpoint.', ['run']);
  readonly #checkpointTime = this.#gauge('ganglion_checkpoint_timestamp_seconds', 'When the newest checkpoint became durable.', ['run']);
  readonly #outboxDepth = this.#gauge('ganglion_nats_outbox_depth', 'Phase events that wait for NATS.');
  readonly #dropped = this.#counter('ganglion_nats_dropped_events_total', 'Phase events dropped because NATS was away too long.');
  readonly #connected = this.#gauge('ganglion_nats_connected', '1 while NATS is connected.');

  constructor(build: { version: string }) {
    collectDefaultMetrics({ register: this.#registry });
    this.#gauge('ganglion_build_info', 'Version of Ganglion and of Node.js.', ['version', 'node']).set(
      { version: build.version, node: process.version },
      1,
    );
    for (const part of PARTS) this.#phaseDuration.zero({ part });
    this.runs([]);
    this.workers({ idle: 0, busy: 0 });
    this.natsConnected(false);
    this.#outboxDepth.set(0);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  phaseReported(event: PhaseEvent, exchangedBytes: number): void {
    const { runId: run, statistics, timings } = event;
    const label = this.#label(run);
    for (const part of PARTS) this.#phaseDuration.observe({ part }, timings[`${part}Ms`] / 1000);
    this.#samples.inc(Math.max(0, event.samples - (this.#samplesReported.get(run) ?? 0)));
    this.#samplesReported.set(run, event.samples);
    this.#phases.inc(Math.max(0, event.phase + 1 - (this.#phasesReported.get(run) ?? 0)));
    this.#phasesReported.set(run, event.phase + 1);
    this.#exchanged.inc(exchangedBytes);
    this.#phase.set(label, event.phase + 1);
    this.#lastPhase.set(label, event.timeMs / 1000);
    const { discriminatorLoss, generatorLoss, value, dReal, dFake } = statistics;
    setIfThere(this.#loss, { run, network: 'discriminator' }, discriminatorLoss);
    setIfThere(this.#loss, { run, network: 'generator' }, generatorLoss);
    setIfThere(this.#value, label, value);
    setIfThere(this.#output, { run, on: 'real' }, dReal);
    setIfThere(this.#output, { run, on: 'fake' }, dFake);
    for (const network of NETWORKS) setIfThere(this.#norm, { run, network }, statistics[`${network}GradientNorm`]);
  }

  /** Where a run stood when this coordinator took it up: what was counted before is not counted again. */
  runOpened(run: string, at: { phase: number; samples: number; totalPhases: number }): void {
    this.#phasesReported.set(run, at.phase);
    this.#samplesReported.set(run, at.samples);
    this.#phase.set(this.#label(run), at.phase);
    this.#phasesPlanned.set({ run }, at.totalPhases);
  }

  membershipChanged(run: string, generation: number): void {
    this.#generation.set(this.#label(run), generation);
  }

  runs(states: readonly RunState[]): void {
    for (const state of RUN_STATES) this.#runs.set({ state }, states.filter((found) => found === state).length);
  }

  workers(count: { idle: number; busy: number }): void {
    this.#workers.set({ state: 'idle' }, count.idle);
    this.#workers.set({ state: 'busy' }, count.busy);
  }

  checkpointWritten(run: string, checkpoint: { seconds: number; bytes: number; timeMs: number }): void {
    this.#checkpointDuration.observe(checkpoint.seconds);
    this.#checkpointSize.set(this.#label(run), checkpoint.bytes);
    this.#checkpointTime.set({ run }, checkpoint.timeMs / 1000);
  }

  natsDropped(count: number): void {
    this.#dropped.inc(count);
  }

  natsDepth(events: number): void {
    this.#outboxDepth.set(events);
  }

  natsConnected(yes: boolean): void {
    this.#connected.set(yes ? 1 : 0);
  }

  /** Notes a run as the newest, and removes the series of the oldest when there are too many. */
  #label(run: string): { run: string } {
    if (!this.#seenRuns.includes(run)) {
      this.#seenRuns.push(run);
      const forgotten = this.#seenRuns.length > RUNS_MAX ? this.#seenRuns.shift() : undefined;
      if (forgotten !== undefined) this.#forget(forgotten);
    }
    return { run };
  }

  #forget(run: string): void {
    for (const gauge of [this.#generation, this.#phase, this.#phasesPlanned, this.#value, this.#lastPhase, this.#checkpointSize, this.#checkpointTime]) gauge.remove({ run });
    for (const network of NETWORKS) {
      this.#loss.remove({ run, network });
      this.#norm.remove({ run, network });
    }
    for (const on of ['real', 'fake']) this.#output.remove({ run, on });
    this.#phasesReported.delete(run);
    this.#samplesReported.delete(run);
  }

  #counter(name: string, help: string): Counter {
    return new Counter({ name, help, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string, labelNames: string[], buckets: number[]): Histogram {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.#registry] });
  }
}

function setIfThere(gauge: Gauge, labels: Record<string, string>, value: number | undefined): void {
  if (value !== undefined) gauge.set(labels, value);
}
