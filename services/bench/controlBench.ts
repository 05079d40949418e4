/**
 * What the control plane costs as workers become many: a real coordinator with its journal, run folder and metrics, and
 * workers that only talk. Their messages pass the real wire format; the network, TLS and the gradients are left out.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { CoordinatorMessage, RunPosition, WorkerMessage } from '../control/messages.ts';
import { REAL_CLOCK } from '../coordinator/clock.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { FolderStorage } from '../coordinator/folderStorage.ts';
import { journalRecordSchema } from '../coordinator/journalRecord.ts';
import { must } from '../errors/invariant.ts';
import { Journal } from '../journal/journal.ts';
import { NO_EVALUATOR } from '../simulate/cluster/coordinatorNode.ts';
import { CoordinatorMetrics } from '../telemetry/metrics.ts';
import type { SessionListener } from '../wire/handlers.ts';
import { PROTOCOL_VERSION } from '../wire/limits.ts';
import { coordinatorMessageBytes, workerMessageBytes, workerMessageOf } from '../wire/messageBytes.ts';

export interface ControlPlaneCost {
  readonly workers: number;
  /** Values in one gradient of G and D. */
  readonly hiddenUnits: number;
  /** The coordinator's CPU for a phase that everybody reports with statistics, in ms; in and out. */
  readonly phaseCpuMs: number;
  readonly phaseMessages: number;
  readonly phaseBytes: number;
  /** CPU of a second's heartbeats, in ms. */
  readonly heartbeatsCpuMs: number;
  /** From the loss of a worker until everybody has an assignment again: CPU in ms, and what was said. */
  readonly regroupCpuMs: number;
  readonly regroupBytes: number;
  /** Live heap over that of a coordinator with nobody, in MB. */
  readonly heapMb: number;
}

/** Phases measured; some before them warm up. */
const PHASES = 12;
const WARM_PHASES = 4;

const FLEETS = [16, 64, 256, 1024];
const SMALL = 16;
const LARGE = 1200;

/** More and more workers of a small model, and once a large one. */
export async function benchControl(): Promise<ControlPlaneCost[]> {
  // The first one pays for the compiler.
  await controlPlaneCost(SMALL, SMALL);
  const costs: ControlPlaneCost[] = [];
  for (const workers of FLEETS) costs.push(await controlPlaneCost(workers, SMALL));
  costs.push(await controlPlaneCost(256, LARGE));
  return costs;
}

export async function controlPlaneCost(workers: number, hiddenUnits: number): Promise<ControlPlaneCost> {
  const log = pino({ level: 'silent' });
  const gc = () => globalThis.gc?.();
  const folder = await mkdtemp(join(tmpdir(), 'ganglion-scale-'));
  const { journal } = await Journal.open(join(folder, '.journal'), journalRecordSchema);
  const coordinator = new Coordinator(
    {
      ...{ coordinatorId: 'scale', secret: 'scale', failureDetectionMs: 3_600_000, clock: REAL_CLOCK, journal, log },
      ...{
        storage: new FolderStorage(folder),
        outbox: undefined,
        evaluator: NO_EVALUATOR,
        metrics: new CoordinatorMetrics({ version: 'scale' }),
      },
    },
    [],
  );
  try {
    gc();
    const before = process.memoryUsage().heapUsed;
    await coordinator.createRun(configOf(workers, hiddenUnits), false);
    const fleet = Array.from({ length: workers + 1 }, (_, index) => new TalkingWorker(`w${index}`, coordinator));
    await until(() => fleet.filter(({ trains }) => trains).length === workers);
    const members = fleet.filter(({ trains }) => trains);

    for (let phase = 0; phase < WARM_PHASES; phase++) await told(members, (worker) => worker.report(phase));
    const phases = await told(
      members,
      ...range(WARM_PHASES, PHASES).map((phase) => (w: TalkingWorker) => w.report(phase)),
    );
    const beats = await told(members, (worker) => worker.beat(PHASES));
    gc();
    const heapMb = (process.memoryUsage().heapUsed - before) / 2 ** 20;

    const lost = must(members.at(-1), 'worker');
    const survivors = members.filter((worker) => worker !== lost);
    const generation = lost.at.generation;
    for (const worker of fleet) worker.spoken = 0;
    const begin = process.cpuUsage();
    lost.die();
    await until(() => survivors.every(({ trains, at }) => trains && at.generation > generation + 1));
    return {
      workers,
      hiddenUnits,
      phaseCpuMs: phases.cpuMs / (PHASES - WARM_PHASES),
      phaseMessages: phases.messages / (PHASES - WARM_PHASES),
      phaseBytes: phases.bytes / (PHASES - WARM_PHASES),
      heartbeatsCpuMs: beats.cpuMs,
      regroupCpuMs: cpuMsSince(begin),
      regroupBytes: fleet.reduce((sum, { spoken }) => sum + spoken, 0),
      heapMb,
    };
  } finally {
    await coordinator.close();
    await rm(folder, { recursive: true });
  }
}

/** A worker that trains nothing: it says at once what the coordinator waits for. */
class TalkingWorker {
  at: RunPosition = { runId: '', generation: 0, phase: 0 };
  trains = false;
  /** Bytes in both directions. */
  spoken = 0;
  readonly #listener: SessionListener;

  constructor(workerId: string, coordinator: Coordinator) {
    this.#listener = coordinator.openSession({ send: (message) => this.#obey(message), end: () => undefined });
    this.#say({
      ...{ type: 'hello', protocolVersion: PROTOCOL_VERSION, workerId, hostname: 'scale', pid: 1, held: undefined },
      peer: { tcp: '192.0.2.1:40000', unix: '', machine: workerId },
      device: {
        ...{ backend: 'tensorflow', backendVersion: '2.21.0', deviceClass: 'scale', intraOpThreads: 1 },
        ...{ cores: 1, memoryBytes: 2 ** 30, runtime: process.version },
      },
    });
  }

  report(phase: number): Buffer {
    this.at = { ...this.at, phase };
    return workerMessageBytes({
      ...{
        type: 'phaseReport',
        ...this.at,
        weightsSha256: '',
        phaseCount: 1,
        exchangedBytes: 2 ** 24,
        savedBytes: 0,
        compileFallbacks: 0,
      },
      statistics: { discriminatorLoss: 1.3, generatorLoss: 0.7, value: -1.3, dReal: 0.6, dFake: 0.4 },
      timings: { computeMs: 30, exchangeMs: 10, waitMs: 1, applyMs: 4 },
    });
  }

  beat(phase: number): Buffer {
    return workerMessageBytes({ type: 'heartbeat', ...this.at, phase, activity: 'compute' });
  }

  hear(bytes: Buffer): void {
    this.spoken += bytes.byteLength;
    this.#listener.message(workerMessageOf(bytes));
  }

  die(): void {
    this.#listener.closed();
  }

  #say(message: WorkerMessage): void {
    const bytes = workerMessageBytes(message);
    this.hear(bytes);
  }

  #obey(message: CoordinatorMessage): void {
    this.spoken += coordinatorMessageBytes(message).byteLength;
    if (message.type === 'assignment') {
      const { runId, generation, phase } = message;
      this.at = { runId, generation, phase };
      this.trains = false;
      setImmediate(() => this.#say({ type: 'ready', ...this.at }));
    } else if (message.type === 'begin') {
      this.trains = true;
    } else if (message.type === 'halt' && !message.graceful) {
      this.at = { ...this.at, generation: message.generation, phase: this.at.phase + 1 };
      setImmediate(() => this.#say({ type: 'held', ...this.at, hasState: true }));
    }
  }
}

/** The coordinator's CPU for these messages of everybody; they are written before the clock starts. */
async function told(members: readonly TalkingWorker[], ...messages: readonly ((worker: TalkingWorker) => Buffer)[]) {
  const all = messages.flatMap((of) => members.map((worker) => [worker, of(worker)] as const));
  for (const worker of members) worker.spoken = 0;
  const begin = process.cpuUsage();
  for (const [worker, bytes] of all) worker.hear(bytes);
  // What follows from them, events on disk among it.
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  const cpuMs = cpuMsSince(begin);
  return { cpuMs, messages: all.length, bytes: members.reduce((sum, { spoken }) => sum + spoken, 0) };
}

function cpuMsSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function configOf(workers: number, hiddenUnits: number): string {
  return `
name: scale
workers: ${workers}
batchSize: ${workers}
phases: 1000
data: { dataset: mnist }
generator: { layers: [{ type: dense, units: ${hiddenUnits}, activation: relu }, { type: dense, units: 784, activation: sigmoid }] }
discriminator: { layers: [{ type: dense, units: ${hiddenUnits}, activation: relu }, { type: dense, units: 1 }] }
optimizer: { generator: { type: sgd, learningRate: 0.1 }, discriminator: { type: sgd, learningRate: 0.1 } }
checkpoints: { everyPhases: 1000 }
snapshots: { everyPhases: 1000 }
reports: { everyPhases: 1, hashEveryPhases: 1000 }
`;
}
