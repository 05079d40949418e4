/** What dashboards and people ask for again and again, computed once. Names are `level:metric:operation`, as Prometheus' practice has them. */

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

const RATE = '5m';
const AT_WORK = 'state=~"starting|running|waiting|pausing"';

export const RECORDING_RULES: readonly RecordingRule[] = [
  /** Throughput: real samples a second, over all runs. */
  {
    record: 'instance:ganglion_samples:rate5m',
    expr: `sum by (job, instance) (rate(ganglion_samples_total[${RATE}]))`,
  },
  /**
   * Goodput: time of phases that were committed for the first time, over the wall time of the runs that are at work. What is
   * missing to 1 went to recoveries, to phases that were computed again, and to waiting.
   */
  {
    record: 'instance:ganglion_goodput:ratio5m',
    expr:
      `sum by (job, instance) (rate(ganglion_useful_seconds_total[${RATE}]))` +
      ` / (sum by (job, instance) (avg_over_time(ganglion_runs{${AT_WORK}}[${RATE}])) > 0)`,
  },
  /** How much longer the slowest worker of a run computes than the one in the middle. */
  {
    record: 'run:ganglion_straggler:ratio',
    expr:
      'max by (job, instance, run) (ganglion_worker_compute_seconds)' +
      ' / quantile by (job, instance, run) (0.5, ganglion_worker_compute_seconds)',
  },
  /** Gradient bytes a second that all workers send and receive. */
  {
    record: 'instance:ganglion_exchanged_bytes:rate5m',
    expr: `sum by (job, instance) (rate(ganglion_exchanged_bytes_total[${RATE}]))`,
  },
];
