/** Proves that each alert fires for its symptom, with the labels that say where, and not for what looks like it (promtool). */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { ALERTS, runbookOf } from '../../services/monitoring/alerts.ts';
import { temporaryFolder } from '../telemetry/temporaryFolder.ts';
import { promtool } from './promtool.ts';

const DEPLOY = join(packageRoot(), 'deploy');
const RULES = join(DEPLOY, 'prometheus', 'ganglion.rules.yml');

const COORDINATOR = 'job="ganglion",instance="c:9464"';
const RUN = `${COORDINATOR},run="mnist-1"`;
const state = (name: string, values = '1x60') => ({ [`ganglion_run_state{${RUN},state="${name}"}`]: values });
const phase = (values: string) => ({ [`ganglion_phase{${RUN}}`]: values });
const fault = (name: string, values: string) => ({ [`ganglion_faults_total{${COORDINATOR},fault="${name}"}`]: values });
const alarm = (name: string, values: string) => ({ [`ganglion_alarm{${RUN},alarm="${name}"}`]: values });
const workers = (values: string) => ({
  [`ganglion_run_workers{${RUN}}`]: values,
  [`ganglion_run_workers_min{${RUN}}`]: '2x60',
});
const stored = (values: string) => ({ [`ganglion_checkpoint_last_timestamp_seconds{${RUN}}`]: values });

/** Values at one-minute steps, in promtool's notation: `5x60` is 5, and 60 times more; `_` is no value. */
type Series = Readonly<Record<string, string>>;
interface Case {
  readonly series: Series;
  /** When it is looked at. */
  readonly at: string;
}

/** A case in which it fires, and those in which it does not. */
const CASES: Readonly<Record<string, { fires: Case & { labels?: Series }; quiet: Readonly<Record<string, Case>> }>> = {
  CoordinatorDown: {
    fires: { series: { [`up{${COORDINATOR}}`]: '1x5 0x10' }, at: '9m' },
    quiet: {
      'it answers': { series: { [`up{${COORDINATOR}}`]: '1x15' }, at: '9m' },
      'it missed one scrape': { series: { [`up{${COORDINATOR}}`]: '1x5 0 1x10' }, at: '9m' },
    },
  },
  RunStalled: {
    fires: { series: { ...phase('0+5x9 50x60'), ...state('running') }, at: '25m', labels: { run: 'mnist-1' } },
    quiet: {
      'it moves': { series: { ...phase('0+5x60'), ...state('running') }, at: '25m' },
      'it is paused': { series: { ...phase('50x60'), ...state('paused') }, at: '25m' },
      'it has ended': { series: { ...phase('50x60'), ...state('running', '0x60'), ...state('completed') }, at: '25m' },
      'it stood for eight minutes': { series: { ...phase('0+5x9 50x8 51+5x40'), ...state('running') }, at: '19m' },
    },
  },
  RunBelowMinWorkers: {
    fires: { series: { ...workers('2x4 1x60'), ...state('waiting') }, at: '12m', labels: { run: 'mnist-1' } },
    quiet: {
      'it has them': { series: { ...workers('2x60'), ...state('running') }, at: '12m' },
      'it waits in the queue': { series: { ...workers('0x60'), ...state('queued') }, at: '12m' },
      'they came back': { series: { ...workers('2x4 1x3 2x60'), ...state('waiting') }, at: '12m' },
    },
  },
  WorkerLost: {
    fires: { series: fault('workerLost', '0x4 1x60'), at: '8m' },
    quiet: {
      'none was': { series: fault('workerLost', '3x60'), at: '8m' },
      'the coordinator was started again': { series: fault('workerLost', '3x4 0x60'), at: '8m' },
      'that was long ago': { series: fault('workerLost', '0x4 1x60'), at: '20m' },
    },
  },
  ReplicaDiverged: {
    fires: { series: fault('replicaDiverged', '0x4 1x60'), at: '8m' },
    quiet: {
      'another fault': {
        series: { ...fault('replicaDiverged', '0x60'), ...fault('workerLost', '0x4 1x60') },
        at: '8m',
      },
    },
  },
  NonFiniteGradient: {
    fires: { series: fault('nonFiniteGradient', '0x4 2x60'), at: '8m' },
    quiet: { 'none was': { series: fault('nonFiniteGradient', '0x60'), at: '8m' } },
  },
  ModeCollapse: {
    fires: {
      series: { ...alarm('modeCollapse', '0x4 1x60'), ...state('running') },
      at: '8m',
      labels: { run: 'mnist-1' },
    },
    quiet: {
      'it is over': { series: { ...alarm('modeCollapse', '1x4 0x60'), ...state('running') }, at: '8m' },
      'the run has ended with it': { series: { ...alarm('modeCollapse', '1x60'), ...state('completed') }, at: '8m' },
      'another alarm': { series: { ...alarm('emaGap', '1x60'), ...state('running') }, at: '8m' },
    },
  },
  DiscriminatorSaturated: {
    fires: {
      series: { ...alarm('discriminatorSaturation', '1x60'), ...state('waiting') },
      at: '8m',
      labels: { run: 'mnist-1' },
    },
    quiet: {
      'it is not': { series: { ...alarm('discriminatorSaturation', '0x60'), ...state('running') }, at: '8m' },
      'the run was cancelled': {
        series: { ...alarm('discriminatorSaturation', '1x60'), ...state('cancelled') },
        at: '8m',
      },
    },
  },
  CheckpointStale: {
    fires: { series: { ...stored('0x120'), ...state('running', '1x120') }, at: '80m', labels: { run: 'mnist-1' } },
    quiet: {
      'one came': { series: { ...stored('0x50 3000x80'), ...state('running', '1x120') }, at: '80m' },
      'the run is paused': { series: { ...stored('0x120'), ...state('paused', '1x120') }, at: '80m' },
      'it was resumed ten minutes ago': { series: { ...stored('0x120'), ...state('running', '0x70 1x50') }, at: '80m' },
    },
  },
  ProgressOutboxDropping: {
    fires: {
      series: { [`ganglion_nats_dropped_events_total{${COORDINATOR},kind="phase"}`]: '0x4 40x60' },
      at: '8m',
      labels: { kind: 'phase' },
    },
    quiet: {
      'they wait, and none is dropped': {
        series: {
          [`ganglion_nats_dropped_events_total{${COORDINATOR},kind="phase"}`]: '0x60',
          [`ganglion_nats_outbox_depth{${COORDINATOR}}`]: '900x60',
        },
        at: '8m',
      },
    },
  },
};

function test(alert: string, { series, at }: Case, labels: Series | undefined): void {
  const file = join(temporaryFolder(), 'test.yml');
  const kept = Object.entries({ alertname: alert, ...labels }).map(([name, value]) => `${name}="${value}"`);
  const found = `sum by (alertname, run, kind) (ALERTS{alertname="${alert}",alertstate="firing"})`;
  const expected = labels === undefined ? [] : [{ labels: `{${kept.join(',')}}`, value: 1 }];
  const input = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  writeFileSync(
    file,
    stringify({
      rule_files: [RULES],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: input,
          promql_expr_test: [{ expr: found, eval_time: at, exp_samples: expected }],
        },
      ],
    }),
  );
  promtool('test', 'rules', file);
}

describe.each(ALERTS.map(({ alert }) => alert))('%s', (alert) => {
  const cases = CASES[alert];
  it('fires', () => test(alert, cases?.fires ?? { series: {}, at: '1m' }, cases?.fires.labels ?? {}));
  it.each(Object.entries(cases?.quiet ?? {}))('does not fire where %s', (_, quiet) => test(alert, quiet, undefined));
});

describe('every alert', () => {
  it('has a case of each kind, a severity, a wait, words, and a page behind its link', () => {
    for (const { alert, expr, for: held, severity, summary, description } of ALERTS) {
      expect(alert).toMatch(/^([A-Z][a-z]+)+$/);
      expect(Object.keys(CASES[alert]?.quiet ?? {}).length, alert).toBeGreaterThan(0);
      expect([expr, held, severity, summary, description].every((text) => text.length > 0)).toBe(true);
      const page = readFileSync(join(packageRoot(), new URL(runbookOf(alert)).pathname), 'utf8');
      expect(page).toContain(`# ${alert}\n`);
      expect(page).toContain(expr);
    }
  });
});

describe('promtool', () => {
  it('takes the rules and the scrape config, and finds nothing to improve', () => {
    expect(promtool('check', 'rules', '--lint=all', '--lint-fatal', RULES)).toContain('14 rules found');
    expect(promtool('check', 'config', join(DEPLOY, 'local', 'prometheus.yml'))).toContain('1 rule files found');
  });
});
