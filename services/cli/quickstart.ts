/** Everything on one machine: a coordinator in this process, workers beside it, one run, and what it left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, relative } from 'node:path';
import { packageRoot } from '../config/packageRoot.ts';
import { loadPreset } from '../config/presets.ts';
import { resolveRunConfig, toYaml } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import { applySettings } from '../config/settings.ts';
import { type RunningCoordinator, startCoordinator } from '../coordinator/main.ts';
import { GanglionError } from '../errors/ganglionError.ts';
import type { RunView } from '../report/runView.ts';
import { createLog } from '../telemetry/log.ts';
import { startNatsServer } from '../telemetry/natsServer.ts';
import { connect, type RunsClient } from '../wire/client.ts';
import type { QuickstartFlags } from './commands/quickstart.ts';
import { type Console, colours, note } from './console.ts';
import { EXIT, exitCodeOfState } from './exitCode.ts';
import { type Format, isForPeople } from './output.ts';
import { printRun } from './runFields.ts';
import { listenForSignals } from './signals.ts';
import { figure } from './units.ts';
import { watchRun } from './watch.ts';

const CALL_MS = 30_000;
/** A worker loads its backend in 1–3 s; WASM on a slow machine needs longer. */
const WORKERS_MS_MAX = 60_000;
const POLL_MS = 200;
/** A worker's drain ends by itself after 20 s. */
const WORKER_END_MS_MAX = 25_000;

interface Cluster {
  readonly workers: readonly ChildProcess[];
  readonly client: RunsClient;
}

/** What is undone at the end, the newest first. */
type Undo = () => unknown;

export async function quickstart(console: Console, format: Format, flags: QuickstartFlags): Promise<void> {
  const settings = flags.workers === undefined ? flags.set : [...flags.set, `workers=${flags.workers}`];
  const config = resolveRunConfig(applySettings(loadPreset(flags.preset), settings), `preset ${flags.preset}`);
  const interruption = listenForSignals();
  const undo: Undo[] = [];
  try {
    const cluster = await start(console, flags, config, undo);
    const outcome = await Promise.race([train(console, cluster, config, interruption.signal), interruption.asked]);
    if (typeof outcome === 'string') {
      const later = `unfinished runs go on at the next \`ganglion coordinator\` on ${flags.dataDir}.`;
      note(console, `\nstopped by ${outcome} (once more skips the clean-up): ${later}`);
      console.exitCode = EXIT.interrupted;
      return;
    }
    console.exitCode = exitCodeOfState(outcome.state);
    await showResult(console, format, cluster, outcome);
  } finally {
    for (const step of undo.reverse()) await step();
    interruption.release();
  }
}

async function start(console: Console, flags: QuickstartFlags, config: RunConfig, undo: Undo[]): Promise<Cluster> {
  const nats = await startNatsServer();
  if (nats) undo.push(() => nats.stop());
  note(
    console,
    nats
      ? `NATS: nats-server on ${nats.url}, subjects ganglion.v1.runs.>`
      : 'NATS: no nats-server on the PATH, progress stays in this process (Debian: apt-get install nats-server)',
  );
  const level = console.environment.logLevel === 'info' ? 'warn' : console.environment.logLevel;
  const coordinator = await startCoordinator({
    host: '127.0.0.1',
    port: 0,
    httpHost: '127.0.0.1',
    httpPort: 0,
    page: { host: '127.0.0.1', port: 0 },
    dataDir: flags.dataDir,
    natsUrl: nats?.url,
    log: createLog({ name: 'coordinator', level, readable: true }),
    superseded: () => process.exit(EXIT.error),
  });
  undo.push(() => coordinator.close());
  note(console, `metrics: http://${coordinator.httpAddress}/metrics`);
  note(console, `live page: http://${coordinator.pageAddress}/`);
  const workers = Array.from({ length: config.workers.max }, (_, i) => startWorker(coordinator, config, level, i + 1));
  undo.push(() => Promise.all(workers.map(endWorker)));
  const client = connect(coordinator.address, { timeoutMs: CALL_MS });
  undo.push(() => client.close());
  return { workers, client };
}

function startWorker(coordinator: RunningCoordinator, config: RunConfig, level: string, number: number): ChildProcess {
  const { require, intraOpThreads } = config.backend;
  const program = join(packageRoot(), 'dist', 'services', 'cli', 'main.js');
  const place = ['--coordinator', coordinator.address, '--id', `worker-${number}`];
  const device = ['--backend', require, '--threads', `${intraOpThreads}`];
  const worker = spawn(process.execPath, [program, 'worker', ...place, ...device], {
    stdio: ['ignore', 'ignore', 'inherit'],
    // Nothing of it leaves this machine: certificates for clusters are not for it.
    env: { ...process.env, GANGLION_LOG_LEVEL: level, GANGLION_TLS_DIR: '', GANGLION_TOKEN_FILE: '' },
  });
  // The second Ctrl-C ends this process at once, and its workers with it.
  const kill = () => void worker.kill('SIGKILL');
  process.once('exit', kill);
  worker.once('exit', () => process.off('exit', kill));
  return worker;
}

/** Asks a worker to drain, and kills one that does not end. */
async function endWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const gone = once(worker, 'exit');
  worker.kill('SIGTERM');
  const late = setTimeout(() => worker.kill('SIGKILL'), WORKER_END_MS_MAX);
  await gone;
  clearTimeout(late);
}

async function train(console: Console, cluster: Cluster, config: RunConfig, signal: AbortSignal): Promise<RunView> {
  await workersArrive(console, cluster);
  await setAsideOlderRuns(console, cluster.client);
  const created = await cluster.client.createRun(toYaml(config), false);
  note(console, `run ${created.runId}: ${created.totalPhases} phases on ${config.workers.max} workers`);
  await watchRun(console, cluster.client, created.runId, signal);
  return cluster.client.getRun(created.runId);
}

async function workersArrive(console: Console, { client, workers }: Cluster): Promise<void> {
  const deadline = Date.now() + WORKERS_MS_MAX;
  for (;;) {
    const here = await client.listWorkers();
    if (here.length === workers.length) {
      const backends = new Set(here.map(({ device }) => `${device.backend} (${device.backendVersion})`));
      return note(console, `workers: ${here.length}, computing on ${[...backends].join(', ')}`);
    }
    const dead = workers.find((worker) => worker.exitCode !== null);
    if (dead || Date.now() > deadline) {
      throw new GanglionError({
        code: 'backend',
        message: dead
          ? `A worker ended with exit code ${dead.exitCode} before it registered.`
          : `Only ${here.length} of ${workers.length} workers registered within ${WORKERS_MS_MAX / 1000} s.`,
        remedy: 'Run `ganglion doctor`; GANGLION_LOG_LEVEL=info shows what the workers say.',
      });
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A quickstart that was stopped left its run behind; this one's workers are for its own. */
async function setAsideOlderRuns(console: Console, client: RunsClient): Promise<void> {
  for (const { runId, state } of await client.listRuns()) {
    if (state !== 'queued' && state !== 'starting' && state !== 'running') continue;
    await client.pauseRun(runId);
    note(console, `${runId} was not finished; it is paused (ganglion runs resume ${runId})`);
  }
}

/** On stdout: the newest picture's path; for programs the run. */
async function showResult(console: Console, format: Format, { client }: Cluster, run: RunView): Promise<void> {
  const here = (path: string) => relative(process.cwd(), path) || path;
  const fakes = newestFakes((await client.listArtifacts(run.runId)).map(({ name }) => name));
  const { bold, green } = colours(console, console.stderr);
  const { value, dReal, dFake } = run.statistics;
  note(console, `\n${run.state === 'completed' ? green('done') : run.state}: ${run.why}`);
  note(
    console,
    `  pictures   ${bold(here(join(run.folder, fakes)))}   (real ones: ${here(join(run.folder, 'reals.png'))})`,
  );
  note(console, `  run folder ${here(run.folder)}   (config.yaml, metrics.jsonl, events.jsonl, checkpoints/)`);
  note(console, `  V(D,G)     ${figure(value)}   D(x) ${figure(dReal)}, D(G(z)) ${figure(dFake)}`);
  note(console, `  weights    SHA-256 ${run.weightsSha256}`);
  note(console, 'next: `npx ganglion quickstart --preset mnist-paper`, or `npx ganglion doctor` for a faster backend');
  if (isForPeople(format)) console.stdout.write(`${join(run.folder, fakes)}\n`);
  else printRun(console, format, run);
}

/** Ordered by the phase, not by the text: `fakes_10000` comes after `fakes_9000`. */
function newestFakes(names: readonly string[]): string {
  const phaseOf = (name: string) => Number(/^fakes_(\d+)\.png$/.exec(name)?.[1] ?? -1);
  return names.toSorted((a, b) => phaseOf(a) - phaseOf(b)).findLast((name) => phaseOf(name) >= 0) ?? 'fakes_init.png';
}
