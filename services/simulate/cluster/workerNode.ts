/** A machine with a worker on it, which may die and be started again. */
import type { Logger } from 'pino';
import { describeError, GanglionError } from '../../errors/ganglionError.ts';
import { SpanRecorder } from '../../trace/recorder.ts';
import { WorkerLife } from '../../worker/life.ts';
import { FakeCompute } from '../arithmetic/fakeCompute.ts';
import { Door } from '../network/door.ts';
import { dialCoordinator } from '../network/link.ts';
import { meshOpener } from '../network/mesh.ts';
import type { Network } from '../network/network.ts';
import { stateFetcher } from '../network/stateFetch.ts';
import { SimulatedProcess } from '../process.ts';
import type { World } from '../world.ts';

export interface WorkerIdentity {
  readonly workerId: string;
  /** The machine; another than the id for a twin. */
  readonly node: string;
  readonly deviceClass: string;
  readonly slowness: number;
}

/** A drain that the coordinator does not answer ends by itself (`worker/main.ts`). */
const DRAIN_MS_MAX = 20_000;

export class WorkerNode {
  readonly identity: WorkerIdentity;
  readonly #world: World;
  readonly #network: Network;
  readonly #log: Logger;
  #incarnation = 0;
  #process: SimulatedProcess | undefined;
  #life: WorkerLife | undefined;
  #compute: FakeCompute | undefined;

  constructor(world: World, network: Network, log: Logger, identity: WorkerIdentity) {
    this.#world = world;
    this.#network = network;
    this.#log = log;
    this.identity = identity;
  }

  /** The process that lives here. */
  get process(): SimulatedProcess | undefined {
    return this.#process?.isAlive ? this.#process : undefined;
  }

  get compute(): FakeCompute | undefined {
    return this.process && this.#compute;
  }

  start(): void {
    if (this.process) return;
    const { node, workerId, deviceClass, slowness } = this.identity;
    this.#incarnation += 1;
    const process = new SimulatedProcess(this.#world, node, this.#incarnation);
    this.#world.note(`${process.name} starts`);
    const device = {
      backend: 'cpu',
      backendVersion: '',
      deviceClass,
      intraOpThreads: 1,
      cores: 1,
      memoryBytes: 1,
      runtime: '',
    } as const;
    const network = this.#network;
    const compute = new FakeCompute(this.#world, process, device, slowness);
    const door: Door = new Door(network, process, (runId, phase) => life.duty.stateFor(runId, phase));
    const life: WorkerLife = new WorkerLife({
      identity: { workerId, hostname: node, pid: this.#incarnation },
      peer: { tcp: door.address, unix: '', machine: '' },
      compute,
      clock: {
        after: (ms, then) => process.after(ms, 'timer', then),
        every: (ms, then) => process.every(ms, 'ticks', then),
        random: () => this.#world.dice.fraction(),
      },
      trace: new SpanRecorder(() => this.#world.timeline.nowMs),
      log: this.#log.child({ process: process.name }),
      dial: () => dialCoordinator(this.#world, network, process),
      openMesh: meshOpener(network, process, door),
      fetchState: stateFetcher(network, process),
    });
    this.#process = process;
    this.#life = life;
    this.#compute = compute;
    life.live().then(
      () => process.die('process'),
      (error) => this.#ended(process, error),
    );
  }

  drain(): void {
    const { process } = this;
    const life = this.#life;
    if (!process || !life) return;
    process.enter('drain', () => life.drain('a person asked'));
    process.after(DRAIN_MS_MAX, 'drains no longer', () => process.die('process'));
  }

  /** A worker ends where another has its id; anything else is a bug. */
  #ended(process: SimulatedProcess, error: unknown): void {
    const isReplaced =
      error instanceof GanglionError && error.code === 'refused' && /has registered as/.test(error.message);
    if (process.isAlive && !isReplaced) {
      this.#world.checks.fail(`${process.name} ended: ${error instanceof Error ? error.stack : describeError(error)}`);
    }
    process.die('process');
  }
}
