/** A real cluster for a test: the built program as processes, real gRPC between them, everything in a temporary folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { packageRoot } from '../../services/config/packageRoot.ts';
import { GanglionError } from '../../services/errors/ganglionError.ts';
import { must } from '../../services/errors/invariant.ts';
import { isFinal } from '../../services/report/runEvent.ts';
import type { RunView } from '../../services/report/runView.ts';
import type { TlsFolder } from '../../services/security/tlsFolder.ts';
import { connect, type RunsClient } from '../../services/wire/client.ts';

export const PROGRAM = join(packageRoot(), 'dist', 'services', 'cli', 'main.js');

const POLL_MS = 20;
const START_MS_MAX = 60_000;
const RUN_MS_MAX = 90_000;
/** The last words of a process, for the message of a failed test. */
const WORDS_CHARS_MAX = 8_192;

export interface Program {
  readonly child: ChildProcess;
  readonly words: () => string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export function startProgram(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = process.cwd()): Program {
  // A file that may not grow (see `fullDisk.test.ts`) is an error and no signal, as it is on a full disk.
  const withoutSignal = 'trap "" XFSZ; exec "$@"';
  const child = spawn('/bin/sh', ['-c', withoutSignal, 'sh', process.execPath, PROGRAM, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd,
    env: { ...process.env, GANGLION_LOG_LEVEL: 'info', ...env },
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-WORDS_CHARS_MAX);
  });
  return {
    child,
    words: () => words,
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

export interface ClusterOptions {
  readonly natsUrl?: string;
  /** GANGLION_FAILPOINTS of the coordinator. */
  readonly failpoints?: string;
  /** --failure-detection, in ms. */
  readonly failureDetectionMs?: number;
  readonly allowChaos?: boolean;
  /** What a call may take; default: 4 s. */
  readonly callMs?: number;
  /** Certificates: of the coordinator, of the workers, and of whom this test is. */
  readonly tls?: { readonly coordinator: string; readonly worker: string; readonly caller: TlsFolder };
}

export interface WorkerPlace {
  readonly failpoints?: string;
  /** HOST:PORT; default: the cluster's coordinator. */
  readonly coordinator?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Working folder; default: this test's. */
  readonly cwd?: string;
  /** Flags beside those that say where it belongs. */
  readonly flags?: readonly string[];
}

export class Cluster {
  readonly dataDir: string;
  readonly #options: ClusterOptions;
  readonly #workers = new Map<string, Program>();
  #coordinator: Program | undefined;
  #client: RunsClient | undefined;
  #address = '127.0.0.1:0';
  #httpAddress = '';
  #pageAddress = '127.0.0.1:0';

  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const cluster = new Cluster(await mkdtemp(join(tmpdir(), 'ganglion-cluster-')), options);
    await cluster.startCoordinator();
    return cluster;
  }

  private constructor(dataDir: string, options: ClusterOptions) {
    this.dataDir = dataDir;
    this.#options = options;
  }

  get address(): string {
    return this.#address;
  }

  get httpAddress(): string {
    return this.#httpAddress;
  }

  get pageAddress(): string {
    return this.#pageAddress;
  }

  get client(): RunsClient {
    return must(this.#client, 'client');
  }

  /** Starts the coordinator, or starts it again on the same port and the same data. */
  async startCoordinator({ failpoints }: { failpoints?: string } = this.#options): Promise<void> {
    const port = this.#address.split(':').at(-1) ?? '0';
    const nats = this.#options.natsUrl === undefined ? [] : ['--nats', this.#options.natsUrl];
    // A page that is open comes back to the port that it knows.
    const pagePort = this.#pageAddress.split(':').at(-1) ?? '0';
    const place = ['--port', port, '--http-port', '0', '--page-port', pagePort, '--data-dir', this.dataDir];
    const { failureDetectionMs } = this.#options;
    const detection =
      failureDetectionMs === undefined ? [] : ['--failure-detection', String(failureDetectionMs / 1000)];
    const env = failpoints ? { GANGLION_FAILPOINTS: failpoints } : {};
    const chaos = this.#options.allowChaos ? ['--allow-chaos'] : [];
    const { tls } = this.#options;
    const shown = tls ? ['--tls-dir', tls.coordinator] : [];
    const coordinator = startProgram(['coordinator', ...place, ...nats, ...detection, ...chaos, ...shown], env);
    this.#coordinator = coordinator;
    const line = await Promise.race([
      once(must(coordinator.child.stdout, 'stdout').setEncoding('utf8'), 'data').then(([text]) => String(text)),
      once(coordinator.child, 'exit').then(() => {
        throw new Error(`the coordinator did not start:\n${coordinator.words()}`);
      }),
    ]);
    const [address, httpAddress, pageAddress] = line.trim().split(' ');
    this.#address = must(address, 'address');
    this.#httpAddress = must(httpAddress, 'HTTP address');
    this.#pageAddress = must(pageAddress, 'page address');
    this.#client?.close();
    this.#client = connect(this.#address, { timeoutMs: this.#options.callMs ?? 4_000 }, { tls: tls?.caller });
  }

  get coordinator(): Program {
    return must(this.#coordinator, 'coordinator');
  }

  get coordinatorPid(): number {
    return must(this.coordinator.child.pid, 'pid');
  }

  async killCoordinator(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await must(this.#coordinator, 'coordinator').kill(signal);
  }

  /** Starts workers beside each other; resolves when all are registered. */
  async addWorkers(
    ids: readonly string[],
    backend: 'tensorflow' | 'wasm' | 'cpu' = 'tensorflow',
    { failpoints, coordinator = this.#address, env = {}, cwd, flags = [] }: WorkerPlace = {},
  ): Promise<void> {
    const all = failpoints ? { ...env, GANGLION_FAILPOINTS: failpoints } : env;
    for (const id of ids) this.#startWorker(id, backend, coordinator, all, flags, cwd);
    const deadline = Date.now() + START_MS_MAX;
    for (;;) {
      const here = new Set((await this.client.listWorkers()).map(({ workerId }) => workerId));
      if (ids.every((id) => here.has(id))) return;
      const dead = ids.find((id) => this.worker(id).child.exitCode !== null);
      if (dead || Date.now() > deadline) throw new Error(`workers did not register:\n${this.words()}`);
      await sleep(POLL_MS);
    }
  }

  /** Nothing where there is no such worker. */
  async killWorker(id: string, signal: NodeJS.Signals): Promise<void> {
    await this.#workers.get(id)?.kill(signal);
  }

  worker(id: string): Program {
    return must(this.#workers.get(id), `worker ${id}`);
  }

  /** Starts the coordinator again whenever it ends, until the signal. */
  async superviseCoordinator(calm: AbortSignal): Promise<void> {
    while (!calm.aborted) {
      await endOf(this.coordinator, calm);
      if (!calm.aborted) await this.startCoordinator();
    }
  }

  /** Starts a worker again whenever it ends, until the signal. */
  async superviseWorker(id: string, backend: 'tensorflow', coordinator: string, calm: AbortSignal): Promise<void> {
    while (!calm.aborted) {
      await endOf(this.worker(id), calm);
      if (!calm.aborted) this.#startWorker(id, backend, coordinator, {});
    }
  }

  #startWorker(
    id: string,
    backend: string,
    coordinator: string,
    env: NodeJS.ProcessEnv,
    flags: readonly string[] = [],
    cwd?: string,
  ): void {
    const chaos = this.#options.allowChaos ? ['--allow-chaos'] : [];
    const shown = this.#options.tls ? ['--tls-dir', this.#options.tls.worker] : [];
    const place = [
      'worker',
      '--coordinator',
      coordinator,
      '--id',
      id,
      '--backend',
      backend,
      ...chaos,
      ...shown,
      ...flags,
    ];
    this.#workers.set(id, startProgram(place, env, cwd));
  }

  /** Launches a config and returns its run id. */
  async launch(configYaml: string): Promise<string> {
    return (await this.client.createRun(configYaml, false)).runId;
  }

  /** Polls until the run is as wanted; throws where it ends before, or takes too long. */
  async until(runId: string, wanted: (run: RunView) => boolean): Promise<RunView> {
    const deadline = Date.now() + RUN_MS_MAX;
    for (;;) {
      const run = await this.client.getRun(runId).catch(orAway);
      if (run && wanted(run)) return run;
      if ((run && isFinal(run.state)) || Date.now() > deadline) {
        throw new Error(`${runId} is ${run?.state} at phase ${run?.phase}: ${run?.why}\n${this.words()}`);
      }
      await sleep(POLL_MS);
    }
  }

  /** The run when all its phases are done. */
  completed(runId: string): Promise<RunView> {
    return this.until(runId, ({ state }) => state === 'completed');
  }

  /** The run when so many phases of it are evaluated: that of the last ones may end after the run. */
  async evaluated(runId: string, phase: number): Promise<RunView> {
    const deadline = Date.now() + RUN_MS_MAX;
    for (;;) {
      const run = await this.client.getRun(runId);
      if (run.evaluation?.phase === phase) return run;
      if (Date.now() > deadline) throw new Error(`${runId} is not evaluated at ${phase}:\n${this.words()}`);
      await sleep(POLL_MS);
    }
  }

  words(): string {
    return [this.#coordinator, ...this.#workers.values()].map((program) => program?.words() ?? '').join('\n---\n');
  }

  async stop(): Promise<void> {
    this.#client?.close();
    for (const worker of this.#workers.values()) await worker.kill('SIGKILL');
    await this.#coordinator?.kill('SIGKILL');
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** A coordinator that is being started again answers soon. */
function orAway(error: unknown): undefined {
  if (error instanceof GanglionError && (error.code === 'unreachable' || error.code === 'aborted')) return undefined;
  throw error;
}

async function endOf({ child }: Program, calm: AbortSignal): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await once(child, 'exit', { signal: calm }).catch(() => undefined);
}
