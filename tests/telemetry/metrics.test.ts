/**
 * Proves that a scrape is well-formed and has every name that we promise, that counters count right over reports, rewinds
 * and restarts, and that the `run` label is bounded.
 */
import { describe, expect, it } from 'vitest';
import { ALARM_NAMES } from '../../services/report/alarms.ts';
import { FAULTS } from '../../services/report/faults.ts';
import type { LiveRun } from '../../services/telemetry/liveRun.ts';
import { CoordinatorMetrics, type RunStanding } from '../../services/telemetry/metrics.ts';
import { phaseEvent } from './events.ts';

/** D in even phases, G in odd ones. */
const alternating: RunStanding = {
  phase: 0,
  samples: 0,
  totalPhases: 1_000,
  checkpointAtMs: 1_600_000_000_000,
  alarms: [],
  measures: [],
  updatesBefore: (phase) => ({ discriminator: Math.ceil(phase / 2), generator: Math.floor(phase / 2) }),
};

/** The text exposition format: comments and `name{labels} value`. */
function parse(text: string) {
  const types = new Map<string, string>();
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type) types.set(type[1] ?? '', type[2] ?? '');
    if (line === '' || line.startsWith('#')) continue;
    const sample = /^([a-zA-Z_:][\w:]*(?:\{[^{}]*\})?) (\S+)$/.exec(line);
    expect(sample, `not a sample: ${line}`).not.toBeNull();
    samples.set(sample?.[1] ?? '', sample?.[2] === 'Nan' ? Number.NaN : Number(sample?.[2]));
  }
  return { types, samples };
}

const scrape = async (metrics: CoordinatorMetrics, live: readonly LiveRun[] = []) => parse(await metrics.text(live));

const NOTHING = { exchangedBytes: 0, savedBytes: 0, compileFallbacks: 0 };

describe('CoordinatorMetrics', () => {
  it('has every name, with its type', async () => {
    const { types } = await scrape(new CoordinatorMetrics({ version: '1.2.3' }));
    const ours = Object.fromEntries([...types].filter(([name]) => name.startsWith('ganglion_')).sort());
    expect(ours).toEqual({
      ganglion_alarm: 'gauge',
      ganglion_alarms_raised_total: 'counter',
      ganglion_build_info: 'gauge',
      ganglion_checkpoint_duration_seconds: 'histogram',
      ganglion_checkpoint_last_timestamp_seconds: 'gauge',
      ganglion_checkpoint_size_bytes: 'gauge',
      ganglion_compile_fallbacks_total: 'counter',
      ganglion_discriminator_output: 'gauge',
      ganglion_evaluation: 'gauge',
      ganglion_exchanged_bytes_total: 'counter',
      ganglion_faults_total: 'counter',
      ganglion_saved_bytes_total: 'counter',
      ganglion_generation: 'gauge',
      ganglion_gradient_norm: 'gauge',
      ganglion_last_phase_timestamp_seconds: 'gauge',
      ganglion_loss: 'gauge',
      ganglion_nats_connected: 'gauge',
      ganglion_nats_dropped_events_total: 'counter',
      ganglion_nats_outbox_depth: 'gauge',
      ganglion_phase: 'gauge',
      ganglion_phase_duration_seconds: 'histogram',
      ganglion_phases_planned: 'gauge',
      ganglion_phases_total: 'counter',
      ganglion_run_state: 'gauge',
      ganglion_run_workers: 'gauge',
      ganglion_run_workers_min: 'gauge',
      ganglion_runs: 'gauge',
      ganglion_sample_coverage: 'gauge',
      ganglion_sample_diversity: 'gauge',
      ganglion_samples_total: 'counter',
      ganglion_useful_seconds_total: 'counter',
      ganglion_value: 'gauge',
      ganglion_penalty: 'gauge',
      ganglion_worker_compute_seconds: 'gauge',
      ganglion_workers: 'gauge',
    });
    expect(types.get('process_cpu_seconds_total')).toBe('counter');
    expect(types.get('nodejs_eventloop_lag_seconds')).toBe('gauge');
  });

  it('has zeros before anything happened', async () => {
    const { samples } = await scrape(new CoordinatorMetrics({ version: '1.2.3' }));
    const zeros = [
      ...['compute', 'exchange', 'wait', 'apply'].map(
        (part) => `ganglion_phase_duration_seconds_count{part="${part}"}`,
      ),
      ...['generator', 'discriminator'].map((network) => `ganglion_phases_total{network="${network}"}`),
      ...['idle', 'busy'].map((state) => `ganglion_workers{state="${state}"}`),
      ...['queued', 'running', 'failed'].map((state) => `ganglion_runs{state="${state}"}`),
      ...['state', 'phase', 'snapshot', 'membership', 'alarm'].map(
        (kind) => `ganglion_nats_dropped_events_total{kind="${kind}"}`,
      ),
      ...ALARM_NAMES.map((alarm) => `ganglion_alarms_raised_total{alarm="${alarm}"}`),
      ...FAULTS.map((fault) => `ganglion_faults_total{fault="${fault}"}`),
      'ganglion_samples_total',
      'ganglion_useful_seconds_total',
      'ganglion_exchanged_bytes_total',
      'ganglion_saved_bytes_total',
      'ganglion_compile_fallbacks_total',
      'ganglion_nats_connected',
      'ganglion_nats_outbox_depth',
      'ganglion_checkpoint_duration_seconds_count',
    ];
    for (const name of zeros) expect(samples.get(name), name).toBe(0);
    expect(samples.get(`ganglion_build_info{version="1.2.3",node="${process.version}"}`)).toBe(1);
  });

  it('tells what was reported', async () => {
    const metrics = new CoordinatorMetrics({ version: '0' });
    metrics.runOpened('run-1', alternating);
    const event = phaseEvent(3, 9);
    const norms = { discriminatorGradientNorm: 1.5, generatorGradientNorm: 2.5 };
    const statistics = { ...event.statistics, ...norms, penalty: 0.75 };
    metrics.phaseReported({ ...event, statistics }, { exchangedBytes: 18_000, savedBytes: 6_000, compileFallbacks: 2 });
    metrics.membershipChanged('run-1', 4);
    metrics.workers({ idle: 1, busy: 2 });
    metrics.runs(['running', 'queued', 'queued']);
    metrics.checkpointWritten('run-1', { seconds: 0.2, bytes: 5_000, timeMs: 1_700_000_000_500 });
    metrics.natsConnected(true);
    metrics.natsDepth(7);
    metrics.natsDropped('phase', 3);
    const { samples } = await scrape(metrics);
    const expected = {
      'ganglion_phase{run="run-1"}': 10,
      'ganglion_phases_planned{run="run-1"}': 1_000,
      'ganglion_generation{run="run-1"}': 4,
      'ganglion_loss{run="run-1",network="discriminator"}': 0.7,
      'ganglion_loss{run="run-1",network="generator"}': 0.6,
      'ganglion_value{run="run-1"}': -1.4,
      'ganglion_penalty{run="run-1"}': 0.75,
      'ganglion_discriminator_output{run="run-1",on="real"}': 0.6,
      'ganglion_discriminator_output{run="run-1",on="fake"}': 0.4,
      'ganglion_gradient_norm{run="run-1",network="discriminator"}': 1.5,
      'ganglion_gradient_norm{run="run-1",network="generator"}': 2.5,
      'ganglion_last_phase_timestamp_seconds{run="run-1"}': 1_700_000_000.003,
      'ganglion_phase_duration_seconds_sum{part="compute"}': 0.02,
      'ganglion_phase_duration_seconds_bucket{le="0.025",part="compute"}': 1,
      'ganglion_phase_duration_seconds_bucket{le="0.01",part="compute"}': 0,
      ganglion_exchanged_bytes_total: 18_000,
      ganglion_saved_bytes_total: 6_000,
      ganglion_compile_fallbacks_total: 2,
      ganglion_samples_total: 1_000,
      'ganglion_phases_total{network="discriminator"}': 5,
      'ganglion_phases_total{network="generator"}': 5,
      'ganglion_workers{state="idle"}': 1,
      'ganglion_workers{state="busy"}': 2,
      'ganglion_runs{state="queued"}': 2,
      ganglion_checkpoint_size_bytes: 5_000,
      'ganglion_checkpoint_last_timestamp_seconds{run="run-1"}': 1_700_000_000.5,
      ganglion_checkpoint_duration_seconds_sum: 0.2,
      ganglion_nats_connected: 1,
      ganglion_nats_outbox_depth: 7,
      'ganglion_nats_dropped_events_total{kind="phase"}': 3,
    };
    for (const [name, value] of Object.entries(expected)) expect(samples.get(name), name).toBe(value);
  });

  it('tells of a run when it is scraped: its state, its workers, and how long each computes, as long as they are there', async () => {
    const metrics = new CoordinatorMetrics({ version: '0' });
    metrics.runOpened('run-1', alternating);
    const run: LiveRun = {
      runId: 'run-1',
      state: 'running',
      workersMin: 2,
      members: [
        { workerId: 'fast', computeSeconds: 0.25 },
        { workerId: 'spare', computeSeconds: undefined },
      ],
    };
    const { samples } = await scrape(metrics, [run, { ...run, runId: 'without-series' }]);
    const of = (name: string, labels = '') => samples.get(`ganglion_${name}{run="run-1"${labels}}`);
    expect([of('run_state', ',state="running"'), of('run_state', ',state="waiting"')]).toEqual([1, 0]);
    expect([of('run_workers'), of('run_workers_min')]).toEqual([2, 2]);
    expect(of('worker_compute_seconds', ',worker="fast"')).toBe(0.25);
    expect(of('worker_compute_seconds', ',worker="spare"')).toBeUndefined();
    expect([...samples.keys()].filter((name) => name.includes('without-series'))).toEqual([]);
    const { samples: later } = await scrape(metrics, [{ ...run, state: 'waiting', members: [] }]);
    expect(later.get('ganglion_run_state{run="run-1",state="running"}')).toBe(0);
    expect([...later.keys()].filter((name) => name.includes('worker_compute'))).toEqual([]);
  });

  it('shows the 256 slowest of more workers', async () => {
    const metrics = new CoordinatorMetrics({ version: '0' });
    metrics.runOpened('run-1', alternating);
    const members = Array.from({ length: 300 }, (_, i) => ({ workerId: `w${i}`, computeSeconds: i }));
    const { samples } = await scrape(metrics, [{ runId: 'run-1', state: 'running', workersMin: 1, members }]);
    const shown = [...samples].filter(([name]) => name.startsWith('ganglion_worker_compute_seconds'));
    expect([shown.length, Math.min(...shown.map(([, seconds]) => seconds))]).toEqual([256, 44]);
  });

  it('counts as useful what is committed for the first time, without waiting for data', async () => {
    const metrics = new CoordinatorMetrics({ version: '0' });
    metrics.runOpened('run-1', alternating);
    const timings = { computeMs: 20, exchangeMs: 5, waitMs: 100, applyMs: 5 };
    // Ten phases, then five of them once more.
    metrics.phaseReported({ ...phaseEvent(0, 9), timings }, NOTHING);
    metrics.phaseReported({ ...phaseEvent(1, 4), timings }, NOTHING);
    metrics.faultMet('workerLost');
    const { samples } = await scrape(metrics);
    expect(samples.get('ganglion_useful_seconds_total')).toBeCloseTo(0.3, 9);
    expect(samples.get('ganglion_faults_total{fault="workerLost"}')).toBe(1);
  });

  it('tells alarms: zeros where a run is opened, or what it was left with, then what changes; a raised one counts once', async () => {
    const metrics = new CoordinatorMetrics({ version: '0' });
    metrics.runOpened('new', alternating);
    metrics.runOpened('old', { ...alternating, alarms: ['emaGap'] });
    const now = async (run: string, alarm: string) =>
      (await scrape(metrics)).samples.get(`ganglion_alarm{run="${run}",alarm="${alarm}"}`);
    for (const alarm of ALARM_NAMES) expect(await now('new', alarm)).toBe(0);
    expect([await now('old', 'emaGap'), await now('old', 'modeCollapse')]).toEqual([1, 0]);
    metrics.alarmChanged('new', 'modeCollapse', true);
    metrics.alarmChanged('old', 'emaGap', false);
    metrics.picturesCompared('new', { diversity: 0.25, coverage: 0.5, count: 64 });
    expect([await now('new', 'modeCollapse'), await now('old', 'emaGap')]).toEqual([1, 0]);
    const { samples } = await scrape(metrics);
    expect(samples.get('ganglion_alarms_raised_total{alarm="modeCollapse"}')).toBe(1);
    expect(samples.get('ganglion_alarms_raised_total{alarm="emaGap"}')).toBe(0);
    expect(samples.get('ganglion_sample_diversity{run="new"}')).toBe(0.25);
    expect(samples.get('ganglion_sample_coverage{run="new"}')).toBe(0.5);
  });

  it('tells what was measured last, also by an earlier coordinator; a failure leaves it as it is', async () => {
    const metrics = new CoordinatorMetrics({ version: '0' });
    metrics.runOpened('old', { ...alternating, measures: [{ name: 'swd', value: 7.5 }] });
    metrics.evaluated('new', [{ name: 'mmd2', value: 0.5, standardError: 0.25 }]);
    metrics.evaluated('new', []);
    const { samples } = await scrape(metrics);
    expect(samples.get('ganglion_evaluation{run="old",measure="swd"}')).toBe(7.5);
    expect(samples.get('ganglion_evaluation{run="new",measure="mmd2"}')).toBe(0.5);
  });

  it('counts what is new: not what an earlier coordinator counted, nor what a run repeats', async () => {
    const metrics = new CoordinatorMetrics({ version: '0' });
    metrics.runOpened('run-1', { ...alternating, phase: 5, samples: 500 });
    const counted = async () => {
      const { samples } = await scrape(metrics);
      const phases = (network: string) => samples.get(`ganglion_phases_total{network="${network}"}`);
      return [phases('discriminator'), phases('generator'), samples.get('ganglion_samples_total')];
    };
    expect(await counted()).toEqual([0, 0, 0]);
    // Phases 5 (G), 6 (D) and 7 (G).
    metrics.phaseReported(phaseEvent(0, 7), NOTHING);
    expect(await counted()).toEqual([1, 2, 300]);
    metrics.phaseReported(phaseEvent(1, 3), NOTHING);
    metrics.phaseReported(phaseEvent(2, 8), NOTHING);
    expect(await counted()).toEqual([2, 2, 400]);
  });

  it('shows a NaN as NaN, and takes no duration that is none', async () => {
    const metrics = new CoordinatorMetrics({ version: '0' });
    metrics.runOpened('run-1', alternating);
    const event = phaseEvent(0);
    const broken = {
      ...event,
      statistics: { generatorLoss: Number.NaN },
      timings: { ...event.timings, waitMs: Number.NaN },
    };
    metrics.phaseReported(broken, NOTHING);
    const { samples } = await scrape(metrics);
    expect(samples.get('ganglion_loss{run="run-1",network="generator"}')).toBeNaN();
    expect(samples.get('ganglion_phase_duration_seconds_count{part="wait"}')).toBe(0);
    expect(samples.get('ganglion_phase_duration_seconds_count{part="apply"}')).toBe(1);
  });

  it('keeps series of 32 runs: those last heard of', async () => {
    const metrics = new CoordinatorMetrics({ version: '0' });
    const runs = Array.from({ length: 40 }, (_, i) => `run-${i}`);
    for (const run of runs) {
      metrics.runOpened(run, alternating);
      const event = phaseEvent(0, 0, run);
      const norms = { discriminatorGradientNorm: 1, generatorGradientNorm: 1, penalty: 1 };
      metrics.phaseReported({ ...event, statistics: { ...event.statistics, ...norms } }, NOTHING);
      metrics.membershipChanged(run, 1);
      metrics.evaluated(run, [{ name: 'frechet', value: 1 }]);
      // A run that goes on keeps its series, however many come after it.
      metrics.phaseReported(phaseEvent(1, 1, 'run-0'), NOTHING);
    }
    const { samples } = await scrape(metrics);
    const labelled = [...samples.keys()].flatMap((name) => /run="([^"]+)"/.exec(name)?.[1] ?? []);
    expect([...new Set(labelled)].sort()).toEqual(['run-0', ...runs.slice(9)].sort());
    // A run whose series were removed, and that is heard of again, is not counted from its beginning.
    const before = samples.get('ganglion_samples_total') ?? 0;
    metrics.phaseReported(phaseEvent(2, 2, 'run-3'), NOTHING);
    expect((await scrape(metrics)).samples.get('ganglion_samples_total')).toBe(before + 200);
  });
});
