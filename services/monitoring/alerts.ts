/** What wakes somebody up: symptoms of runs and of what serves them. Each has its page in docs/alerts. */

/** Where this repository's pages are read: an address that leads nowhere until a copy of Ganglion has one of its own. */
const RUNBOOKS = 'https://ganglion.example/docs/alerts';

export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold. */
  readonly for: string;
  /** `critical`: training stands, or its result is wrong. `warning`: it soon may be. */
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
  readonly description: string;
}

const RUN = '{{ $labels.run }} on {{ $labels.instance }}';
const at = (states: string) => `and on (job, instance, run) ganglion_run_state{state=~"${states}"} == 1`;
const AT_WORK = at('starting|running|waiting|pausing');
const met = (fault: string) => `increase(ganglion_faults_total{fault="${fault}"}[10m]) > 0`;

export const ALERTS = [
  {
    alert: 'CoordinatorDown',
    expr: 'up{job="ganglion"} == 0 or absent(up{job="ganglion"})',
    for: '2m',
    severity: 'critical',
    summary: 'The coordinator does not answer.',
    description: 'Prometheus has not reached a coordinator for two minutes. Workers keep their state and dial again.',
  },
  {
    alert: 'RunStalled',
    expr: `changes(ganglion_phase[5m]) == 0 ${at('starting|running|pausing')}`,
    for: '5m',
    severity: 'critical',
    summary: `Run ${RUN} does not move.`,
    description:
      'It has its workers, and no phase was reported for ten minutes. `ganglion runs get` says for what it waits.',
  },
  {
    alert: 'RunBelowMinWorkers',
    expr: `ganglion_run_workers < on (job, instance, run) ganglion_run_workers_min ${at('waiting')}`,
    for: '5m',
    severity: 'warning',
    summary: `Run ${RUN} waits for workers.`,
    description:
      'It has {{ $value }} of them, fewer than its workers.min, for five minutes. Its newest state is on disk.',
  },
  {
    alert: 'WorkerLost',
    expr: met('workerLost'),
    for: '0m',
    severity: 'warning',
    summary: 'A worker was lost on {{ $labels.instance }}.',
    description:
      'About {{ $value | printf "%.0f" }} workers went in ten minutes without draining: killed, silent, or cut off.',
  },
  {
    alert: 'ReplicaDiverged',
    expr: met('replicaDiverged'),
    for: '0m',
    severity: 'critical',
    summary: 'Replicas of a run on {{ $labels.instance }} had different weights.',
    description:
      'The run went back to the checkpoint that all agreed on. The machine that is named in its state is suspect.',
  },
  {
    alert: 'NonFiniteGradient',
    expr: met('nonFiniteGradient'),
    for: '0m',
    severity: 'critical',
    summary: 'A gradient of a run on {{ $labels.instance }} was not finite.',
    description: 'It was not applied: the run stopped before it, or left its update out, as `onNonFinite` says.',
  },
  {
    alert: 'ModeCollapse',
    expr: `ganglion_alarm{alarm="modeCollapse"} == 1 ${AT_WORK}`,
    for: '1m',
    severity: 'warning',
    summary: `G of run ${RUN} draws ever the same.`,
    description: 'Its samples spread far less than the data. `ganglion runs get` has the numbers.',
  },
  {
    alert: 'DiscriminatorSaturated',
    expr: `ganglion_alarm{alarm="discriminatorSaturation"} == 1 ${AT_WORK}`,
    for: '1m',
    severity: 'warning',
    summary: `D of run ${RUN} has won.`,
    description: 'D has no loss left, and so G has little to learn from. `ganglion runs get` has the numbers.',
  },
  {
    alert: 'CheckpointStale',
    expr: `time() - ganglion_checkpoint_last_timestamp_seconds > 3600 ${at('starting|running')}`,
    for: '15m',
    severity: 'warning',
    summary: `The newest checkpoint of run ${RUN} is old.`,
    description: 'It is {{ $value | humanizeDuration }} old: that much is computed again if every worker is lost.',
  },
  {
    alert: 'ProgressOutboxDropping',
    expr: 'increase(ganglion_nats_dropped_events_total[10m]) > 0',
    for: '0m',
    severity: 'warning',
    summary: 'Progress of runs on {{ $labels.instance }} does not reach NATS.',
    description: '{{ $labels.kind }} events were dropped there in the last ten minutes. They are in the run folders.',
  },
] as const satisfies readonly AlertRule[];

export type AlertName = (typeof ALERTS)[number]['alert'];

export function runbookOf(alert: AlertName): string {
  return `${RUNBOOKS}/${alert}.md`;
}
