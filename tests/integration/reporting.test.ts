/** Proves what a run tells: /metrics, /healthz and /readyz of a live run, and a run folder that people can read. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cluster } from './cluster.ts';
import { smallRun } from './runs.ts';

/** Every family of ours, each with a series whose value must be above this after a run. */
const ABOVE: readonly (readonly [series: RegExp, above: number])[] = [
  [/^ganglion_build_info\{version="\d+\.\d+\.\d+",node="v\d+/, 0],
  [/^ganglion_phase_duration_seconds_count\{part="compute"\}/, 0],
  [/^ganglion_phase_duration_seconds_count\{part="exchange"\}/, 0],
  [/^ganglion_phase_duration_seconds_count\{part="wait"\}/, 0],
  [/^ganglion_phase_duration_seconds_count\{part="apply"\}/, 0],
  [/^ganglion_samples_total/, 1_000],
  [/^ganglion_phases_total\{network="generator"\}/, 23],
  [/^ganglion_phases_total\{network="discriminator"\}/, 23],
  [/^ganglion_exchanged_bytes_total/, 500_000],
  [/^ganglion_saved_bytes_total/, 500_000],
  [/^ganglion_compile_fallbacks_total/, -1],
  [/^ganglion_workers\{state="idle"\}/, 1],
  [/^ganglion_runs\{state="completed"\}/, 0],
  [/^ganglion_generation\{run="reported-1"\}/, 0],
  [/^ganglion_phase\{run="reported-1"\}/, 23],
  [/^ganglion_phases_planned\{run="reported-1"\}/, 23],
  [/^ganglion_loss\{run="reported-1",network="discriminator"\}/, 0],
  [/^ganglion_loss\{run="reported-1",network="generator"\}/, 0],
  [/^ganglion_value\{run="reported-1"\}/, -100],
  [/^ganglion_discriminator_output\{run="reported-1",on="real"\}/, 0],
  [/^ganglion_discriminator_output\{run="reported-1",on="fake"\}/, 0],
  [/^ganglion_gradient_norm\{run="reported-1",network="generator"\}/, 0],
  [/^ganglion_gradient_norm\{run="reported-1",network="discriminator"\}/, 0],
  [/^ganglion_penalty\{run="reported-1"\}/, 0],
  [/^ganglion_sample_diversity\{run="reported-1"\}/, 0],
  [/^ganglion_sample_coverage\{run="reported-1"\}/, -1],
  [/^ganglion_alarm\{run="reported-1",alarm="modeCollapse"\}/, -1],
  [/^ganglion_alarms_raised_total\{alarm="nonFinite"\}/, -1],
  [/^ganglion_evaluation\{run="reported-1",measure="swd"\}/, 0],
  [/^ganglion_last_phase_timestamp_seconds\{run="reported-1"\}/, 1.7e9],
  [/^ganglion_checkpoint_duration_seconds_count/, 0],
  [/^ganglion_checkpoint_size_bytes/, 10_000],
  [/^ganglion_checkpoint_last_timestamp_seconds\{run="reported-1"\}/, 1.7e9],
  [/^ganglion_faults_total\{fault="workerLost"\}/, -1],
  [/^ganglion_useful_seconds_total/, 0],
  [/^ganglion_run_state\{run="reported-1",state="completed"\}/, 0],
  [/^ganglion_run_workers\{run="reported-1"\}/, -1],
  [/^ganglion_run_workers_min\{run="reported-1"\}/, 1],
  [/^ganglion_nats_outbox_depth/, -1],
  [/^ganglion_nats_dropped_events_total\{kind="state"\}/, -1],
  [/^ganglion_nats_connected/, -1],
  [/^process_resident_memory_bytes/, 1e6],
  [/^nodejs_eventloop_lag_seconds/, -1],
];

describe('a run of two workers', () => {
  let cluster: Cluster;
  let folder = '';
  beforeAll(async () => {
    cluster = await Cluster.start();
    await cluster.addWorkers(['one', 'two']);
    const runId = await cluster.launch(
      smallRun({
        ...{ name: 'reported', phases: 24, everyPhases: 8, compression: 'wireFormat: bf16' },
        ...{ networks: 'classes', watched: true, evaluation: '{ everyPhases: 24, metrics: [swd], samples: 20 }' },
      }),
    );
    await cluster.completed(runId);
    folder = (await cluster.evaluated(runId, 24)).folder;
  });
  afterAll(() => cluster.stop());

  it('answers on the HTTP port', async () => {
    const get = async (path: string) => {
      const response = await fetch(`http://${cluster.httpAddress}${path}`);
      return [response.status, await response.text()] as const;
    };
    expect(await get('/healthz')).toEqual([200, 'ok\n']);
    expect(await get('/readyz')).toEqual([200, 'ready\n']);
    const [status, text] = await get('/metrics');
    expect(status).toBe(200);
    const lines = text.split('\n');
    for (const [series, above] of ABOVE) {
      const line = lines.find((candidate) => series.test(candidate));
      expect(line, `no series ${series}`).toBeDefined();
      expect(Number(line?.split(' ').at(-1)), line).toBeGreaterThan(above);
    }
  });

  it('has each family of ours in the table above', async () => {
    const text = await (await fetch(`http://${cluster.httpAddress}/metrics`)).text();
    const families = [...text.matchAll(/^# TYPE (ganglion_\w+) /gm)].map(([, name = '']) => name);
    const proven = ABOVE.map(([series]) => series.source);
    // Workers compute while a run trains: `observability.test.ts` sees it.
    const others = families.filter((name) => name !== 'ganglion_worker_compute_seconds');
    expect(others.filter((name) => !proven.some((source) => source.includes(name)))).toEqual([]);
  });

  it('has a folder with config, history, pictures and checkpoints', async () => {
    expect((await readdir(folder)).sort()).toEqual([
      'checkpoints',
      'config.yaml',
      'events.jsonl',
      'fakes_000008.png',
      'fakes_000016.png',
      'fakes_000024.png',
      'fakes_init.png',
      'metrics-evaluation.jsonl',
      'metrics.jsonl',
      'reals.png',
      'tensorboard',
    ]);
    const lines = (await readFile(join(folder, 'metrics.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { phase: number }).phase)).toEqual([...Array(24).keys()]);
    const pictures = await Promise.all(
      ['reals.png', 'fakes_init.png', 'fakes_000024.png'].map(async (name) =>
        PNG.sync.read(await readFile(join(folder, name))),
      ),
    );
    for (const { width, height } of pictures) expect([width > 3 * 28, height > 2 * 28]).toEqual([true, true]);
    expect(pictures[1]?.data.equals(pictures[2]?.data ?? Buffer.alloc(0))).toBe(false);
  });
});
