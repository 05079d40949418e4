/** Coordinators and workers: who is there, who is slow, what travels, what was lost. */
import { type Dashboard, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { dashboard } from './dashboard.ts';
import { curves, ranking, stat } from './panels.ts';
import { FLEET, query, WINDOW } from './query.ts';

/** GPUs are told of by NVIDIA's dcgm-exporter, a job of its own: `$job` is ours. */
const GPU = 'gpu {{gpu}} of {{Hostname}}';

export function fleetDashboard(): Dashboard {
  const about = 'Coordinators and workers: who is there, who is slow, what travels, what was lost.';
  return dashboard('Ganglion / Fleet', 'ganglion-fleet', about, FLEET)
    .withRow(new RowBuilder('Who is there'))
    .withPanel(
      stat({
        title: 'Coordinators',
        description: 'Those that Prometheus reaches.',
        unit: 'none',
        queries: [query(`sum(up{${FLEET}})`, 'up')],
      }),
    )
    .withPanel(
      stat({
        title: 'Runs',
        description: 'By state.',
        unit: 'none',
        queries: [query(`sum by (state) (ganglion_runs{${FLEET}}) > 0`, '{{state}}')],
      }).span(8),
    )
    .withPanel(
      stat({
        title: 'Workers',
        description: 'Connected ones: busy with a run, or idle.',
        unit: 'none',
        queries: [query(`sum by (state) (ganglion_workers{${FLEET}})`, '{{state}}')],
      }),
    )
    .withPanel(
      stat({
        title: 'Goodput',
        description:
          'Time of phases committed for the first time, over wall time. The rest went to recoveries and waiting.',
        unit: 'percentunit',
        queries: [query(`instance:ganglion_goodput:ratio5m{${FLEET}}`, '{{instance}}')],
      }),
    )
    .withPanel(
      stat({
        title: 'Version',
        description: 'Of Ganglion, by coordinator.',
        unit: 'none',
        queries: [query(`ganglion_build_info{${FLEET}}`, '{{version}} on Node.js {{node}}')],
      }),
    )
    .withRow(new RowBuilder('How fast'))
    .withPanel(
      curves({
        title: 'Samples per second',
        description: 'Of all runs of a coordinator.',
        unit: 'none',
        queries: [query(`instance:ganglion_samples:rate5m{${FLEET}}`, '{{instance}}')],
      }),
    )
    .withPanel(
      curves({
        title: 'Bytes of gradients per second',
        description: 'Sent and received by all workers.',
        unit: 'Bps',
        queries: [
          query(`instance:ganglion_exchanged_bytes:rate5m{${FLEET}}`, '{{instance}}'),
          query(
            `sum by (instance) (rate(ganglion_saved_bytes_total{${FLEET}}[${WINDOW}]))`,
            '{{instance}}, saved by compression',
          ),
        ],
      }),
    )
    .withPanel(
      curves({
        title: 'Straggler ratio',
        description: 'How much longer the slowest worker of a run computes than the one in the middle. 1: all alike.',
        unit: 'none',
        queries: [query(`run:ganglion_straggler:ratio{${FLEET}}`, '{{run}}')],
      }),
    )
    .withPanel(
      ranking({
        title: 'Slowest workers',
        description: 'Time that each computes for one phase.',
        unit: 's',
        queries: [
          query(`sort_desc(topk(20, ganglion_worker_compute_seconds{${FLEET}}))`, '{{worker}} ({{run}})').instant(),
        ],
      }),
    )
    .withPanel(
      curves({
        title: 'Computations that are not compiled',
        description: 'They stay op by op, with the same bits. The worker’s log says why.',
        unit: 'none',
        queries: [
          query(`sum by (instance) (increase(ganglion_compile_fallbacks_total{${FLEET}}[${WINDOW}]))`, '{{instance}}'),
        ],
      }),
    )
    .withPanel(
      curves({
        title: 'Alarms raised',
        description: 'By name.',
        unit: 'none',
        queries: [query(`sum by (alarm) (increase(ganglion_alarms_raised_total{${FLEET}}[${WINDOW}]))`, '{{alarm}}')],
      }),
    )
    .withRow(new RowBuilder('What was lost, and what is durable'))
    .withPanel(
      curves({
        title: 'Generations',
        description: 'A run’s generation grows at every change of its workers.',
        unit: 'none',
        queries: [query(`ganglion_generation{${FLEET}}`, '{{run}}')],
      }),
    )
    .withPanel(
      curves({
        title: 'Faults',
        description: 'Workers lost, replicas that differed, gradients that were not finite.',
        unit: 'none',
        queries: [query(`sum by (fault) (increase(ganglion_faults_total{${FLEET}}[${WINDOW}]))`, '{{fault}}')],
      }),
    )
    .withPanel(
      curves({
        title: 'Age of the newest checkpoint',
        description: 'Of each run.',
        unit: 's',
        queries: [query(`time() - ganglion_checkpoint_last_timestamp_seconds{${FLEET}}`, '{{run}}')],
      }),
    )
    .withPanel(
      curves({
        title: 'Time to store a checkpoint, 95th percentile',
        description: 'From a state in memory to a durable one.',
        unit: 's',
        queries: [
          query(
            `histogram_quantile(0.95, sum by (instance, le) (rate(ganglion_checkpoint_duration_seconds_bucket{${FLEET}}[${WINDOW}])))`,
            '{{instance}}',
          ),
        ],
      }),
    )
    .withPanel(
      curves({
        title: 'Size of the newest checkpoint',
        description: 'Weights, optimizer slots, average.',
        unit: 'bytes',
        queries: [query(`ganglion_checkpoint_size_bytes{${FLEET}}`, '{{instance}}')],
      }),
    )
    .withPanel(
      curves({
        title: 'Progress on NATS',
        description: 'Phase events that wait, and events dropped for want of room. Those are in the run folders.',
        unit: 'none',
        queries: [
          query(`ganglion_nats_outbox_depth{${FLEET}}`, '{{instance}} waiting'),
          query(`ganglion_nats_connected{${FLEET}}`, '{{instance}} connected'),
          query(
            `sum by (kind) (increase(ganglion_nats_dropped_events_total{${FLEET}}[${WINDOW}]))`,
            'dropped {{kind}}',
          ),
        ],
      }),
    )
    .withRow(new RowBuilder('GPUs, where dcgm-exporter is scraped'))
    .withPanel(
      curves({
        title: 'Utilisation',
        description: 'Share of time in which a kernel ran.',
        unit: 'percent',
        queries: [query('DCGM_FI_DEV_GPU_UTIL', GPU)],
      }),
    )
    .withPanel(
      curves({
        title: 'Memory used',
        description: 'Of the frame buffer.',
        unit: 'decmbytes',
        queries: [query('DCGM_FI_DEV_FB_USED', GPU)],
      }),
    )
    .withPanel(
      curves({
        title: 'Power',
        description: 'Of the board.',
        unit: 'watt',
        queries: [query('DCGM_FI_DEV_POWER_USAGE', GPU)],
      }),
    )
    .withRow(new RowBuilder('The coordinators’ processes'))
    .withPanel(
      curves({
        title: 'Event loop lag, 99th percentile',
        description: 'Above the heartbeat, a fifth of --failure-detection, workers seem silent.',
        unit: 's',
        queries: [query(`nodejs_eventloop_lag_p99_seconds{${FLEET}}`, '{{instance}}')],
      }),
    )
    .withPanel(
      curves({
        title: 'CPU',
        description: 'In cores.',
        unit: 'none',
        queries: [query(`sum by (instance) (rate(process_cpu_seconds_total{${FLEET}}[${WINDOW}]))`, '{{instance}}')],
      }),
    )
    .withPanel(
      curves({
        title: 'Memory',
        description: 'Resident, and of it the heap in use.',
        unit: 'bytes',
        queries: [
          query(`process_resident_memory_bytes{${FLEET}}`, '{{instance}} resident'),
          query(`nodejs_heap_size_used_bytes{${FLEET}}`, '{{instance}} heap'),
        ],
      }),
    )
    .build();
}
