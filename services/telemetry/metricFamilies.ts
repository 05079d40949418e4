/** The names that Prometheus sees. Base units, `_total` on counters, and a bounded set of values for every label. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** A phase takes 2 ms (a small MLP) to 10 s (a large network on WASM); its parts take less. */
const PHASE_BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** From a small MLP on an SSD to a gigabyte on a network disk. */
const CHECKPOINT_BUCKETS_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export type MetricFamilies = ReturnType<typeof createFamilies>;

export function createFamilies() {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Counter<L>({ name: `ganglion_${name}`, help, labelNames, registers });
  const gauge = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge<L>({ name: `ganglion_${name}`, help, labelNames, registers });
  const histogram = <L extends string = never>(name: string, help: string, buckets: number[], labelNames: L[] = []) =>
    new Histogram<L>({ name: `ganglion_${name}`, help, labelNames, buckets, registers });

  collectDefaultMetrics({ register: registry });
  return {
    registry,
    buildInfo: gauge('build_info', 'Version of Ganglion and of Node.js.', ['version', 'node']),

    phaseDuration: histogram(
      'phase_duration_seconds',
      'Mean time of a part of a phase since the last report, on the slowest worker.',
      PHASE_BUCKETS_S,
      ['part'],
    ),
    samples: counter('samples_total', 'Real samples used.'),
    phases: counter('phases_total', 'Committed phases that updated a network; a simultaneous phase updates both.', [
      'network',
    ]),
    exchangedBytes: counter('exchanged_bytes_total', 'Gradient bytes sent and received by workers.'),
    savedBytes: counter('saved_bytes_total', 'Bytes that uncompressed gradients would have taken more.'),
    compileFallbacks: counter(
      'compile_fallbacks_total',
      'Computations that a worker could not compile: they stay op by op.',
    ),
    usefulSeconds: counter(
      'useful_seconds_total',
      'Time of phases that were committed for the first time, without waiting for data: over wall time this is goodput.',
    ),
    faults: counter('faults_total', 'Workers lost, replicas that differed, gradients that were not finite.', ['fault']),
    workers: gauge('workers', 'Connected workers.', ['state']),
    runs: gauge('runs', 'Runs by state.', ['state']),

    runState: gauge('run_state', '1 for the state that a run is in, 0 for the others.', ['run', 'state']),
    runWorkers: gauge('run_workers', 'Workers of a run.', ['run']),
    runWorkersMin: gauge('run_workers_min', 'The fewest workers that a run trains with.', ['run']),
    workerCompute: gauge(
      'worker_compute_seconds',
      'Time that a worker computes for one phase, a moving average of its reports.',
      ['run', 'worker'],
    ),
    generation: gauge('generation', 'Generation of a run: grows at every change of its workers.', ['run']),
    phase: gauge('phase', 'Committed phases of a run.', ['run']),
    phasesPlanned: gauge('phases_planned', 'Phases in a whole run.', ['run']),
    loss: gauge('loss', 'Mean loss of the newest report.', ['run', 'network']),
    value: gauge('value', 'V(D,G) of the newest report.', ['run']),
    penalty: gauge('penalty', 'Mean of what D pays for its steepness, of the newest report that has it.', ['run']),
    discriminatorOutput: gauge(
      'discriminator_output',
      'Mean of D(x), on real samples, and of D(G(z)), on fake ones, in the newest report: probabilities.',
      ['run', 'on'],
    ),
    gradientNorm: gauge('gradient_norm', "Euclidean norm of a network's mean gradient.", ['run', 'network']),
    sampleDiversity: gauge(
      'sample_diversity',
      'Mean distance of two pictures of the newest snapshot over that of two real samples.',
      ['run'],
    ),
    sampleCoverage: gauge('sample_coverage', 'Share of real samples that the pictures of the newest snapshot cover.', [
      'run',
    ]),
    alarm: gauge('alarm', '1 where an alarm of a run is raised, 0 where it is over.', ['run', 'alarm']),
    alarmsRaised: counter('alarms_raised_total', 'Alarms that were raised.', ['alarm']),
    evaluation: gauge('evaluation', 'What was measured of the newest checkpoint that was evaluated.', [
      'run',
      'measure',
    ]),
    lastPhase: gauge('last_phase_timestamp_seconds', 'When a phase was last reported.', ['run']),

    checkpointDuration: histogram(
      'checkpoint_duration_seconds',
      'Time from a state in memory to a durable checkpoint.',
      CHECKPOINT_BUCKETS_S,
    ),
    checkpointSize: gauge('checkpoint_size_bytes', 'Size of the newest checkpoint; 0 before the first.'),
    checkpointTime: gauge('checkpoint_last_timestamp_seconds', 'When the newest checkpoint of a run became durable.', [
      'run',
    ]),

    natsDepth: gauge('nats_outbox_depth', 'Phase events that wait for NATS.'),
    natsDropped: counter('nats_dropped_events_total', 'Events that NATS will never have.', ['kind']),
    natsConnected: gauge('nats_connected', '1 while NATS is connected.'),
  };
}
