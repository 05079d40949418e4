/** The machines of a simulated cluster, and what can be done to them. */
import type { Logger } from 'pino';
import { must } from '../../errors/invariant.ts';
import { keepAway } from '../faults/absence.ts';
import { COORDINATOR } from '../network/calls.ts';
import { Network } from '../network/network.ts';
import type { SimulatedProcess } from '../process.ts';
import type { World } from '../world.ts';
import { CoordinatorNode } from './coordinatorNode.ts';
import { Person } from './person.ts';
import { WorkerNode } from './workerNode.ts';

const SUPERVISION_MS = 1_000;

export class Cluster {
  readonly network: Network;
  readonly coordinator: CoordinatorNode;
  readonly workers: readonly WorkerNode[];
  readonly person: Person;
  readonly #world: World;
  readonly #log: Logger;
  /** Those that were started with the id of another. */
  readonly #twins: WorkerNode[] = [];

  constructor(world: World, log: Logger) {
    const { dice, scenario } = world;
    this.#world = world;
    this.#log = log;
    this.network = new Network(world);
    this.coordinator = new CoordinatorNode(world, this.network, log);
    this.person = new Person(world, this.coordinator);
    const isEven = dice.chance(0.7);
    this.workers = Array.from({ length: scenario.workerCount }, (_, index) => {
      const workerId = `w${index + 1}`;
      const deviceClass = `class ${index % scenario.deviceClasses}`;
      const slowness = isEven ? 1 : dice.logBetween(0.5, 4);
      return new WorkerNode(world, this.network, log, { workerId, node: workerId, deviceClass, slowness });
    });
  }

  begin(): void {
    const { dice, timeline, scenario } = this.#world;
    this.coordinator.start();
    this.person.begin();
    for (const worker of this.workers) {
      const isLate = dice.chance(scenario.faults.lateShare);
      const afterMs = dice.between(0, isLate ? scenario.chaosMs : 500);
      timeline.after(afterMs, `${worker.identity.node} is there`, () => worker.start());
    }
  }

  get nodes(): string[] {
    return [COORDINATOR, ...this.workers.map(({ identity }) => identity.node)];
  }

  get processes(): SimulatedProcess[] {
    return [this.coordinator, ...this.workers, ...this.#twins].flatMap(({ process }) => process ?? []);
  }

  /** A new process with the id of one that may live. */
  twin(): boolean {
    const { identity } = this.#world.dice.pick(this.workers);
    const node = `${identity.node}-twin${this.#twins.length}`;
    const twin = new WorkerNode(this.#world, this.network, this.#log, { ...identity, node });
    this.#twins.push(twin);
    twin.start();
    return true;
  }

  /** Everybody hears and is heard again; or no more workers than the runs need, and the others stay away for good. */
  calm(): void {
    this.coordinator.disk.isFull = false;
    for (const process of this.processes) {
      process.wake();
      process.dieAfterActs(Number.POSITIVE_INFINITY);
    }
    this.network.healAll();
    for (const twin of this.#twins) twin.process?.die('process');
    const stay = this.#world.scenario.isCalmForAll ? this.workers : this.#justEnough();
    for (const worker of this.workers) {
      if (!stay.includes(worker)) keepAway(this.#world, this.network, worker, stay);
    }
    this.#supervise(stay);
  }

  /** As many of each class as the run that needs most. */
  #justEnough(): readonly WorkerNode[] {
    const { dice, scenario } = this.#world;
    const needed = Math.max(...scenario.runs.map(({ config }) => config.workers.min));
    const classes = new Set(this.workers.map(({ identity }) => identity.deviceClass));
    return [...classes].flatMap((deviceClass) => {
      const alike = this.workers.filter(({ identity }) => identity.deviceClass === deviceClass);
      while (alike.length > needed) alike.splice(dice.whole(0, alike.length - 1), 1);
      return alike;
    });
  }

  /** From now on whoever ends, since somebody drained it before, or had its id, is started again. */
  #supervise(workers: readonly WorkerNode[]): void {
    this.coordinator.start();
    for (const worker of workers) worker.start();
    this.#world.timeline.after(SUPERVISION_MS, 'a supervisor looks', () => this.#supervise(workers));
  }

  /** Drained, killed or refused: it comes back sooner or later. */
  restart(node: WorkerNode | CoordinatorNode, afterMs: number): void {
    this.inChaos(afterMs, 'somebody is started again', () => node.start());
  }

  /** The end of something that went wrong; `calm` ends it where it is earlier. */
  inChaos(afterMs: number, label: string, act: () => void): void {
    this.#world.timeline.after(afterMs, label, () => {
      if (this.#world.isChaotic) act();
    });
  }

  anyWorker(): WorkerNode {
    return must(this.#world.dice.pick(this.workers), 'a worker');
  }
}
