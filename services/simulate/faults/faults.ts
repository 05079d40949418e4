/** Makes things go wrong, each kind at its own times, for as long as the chaos lasts. */
import type { Cluster } from '../cluster/cluster.ts';
import type { CoordinatorNode } from '../cluster/coordinatorNode.ts';
import type { WorkerNode } from '../cluster/workerNode.ts';
import { COORDINATOR } from '../network/calls.ts';
import type { Death, SimulatedProcess } from '../process.ts';
import type { World } from '../world.ts';
import type { FaultRates } from './faultRates.ts';

/** Of a process about to die at some act of its own: 0 … this many acts from now. */
const ACTS_MAX = 60;

type Kind = {
  [Key in keyof FaultRates]: undefined extends FaultRates[Key] ? Key : never;
}[keyof FaultRates];

export class Faults {
  readonly #world: World;
  readonly #cluster: Cluster;
  /** Those that die at some act of theirs that comes. */
  readonly #doomed = new WeakSet<SimulatedProcess>();

  constructor(world: World, cluster: Cluster) {
    this.#world = world;
    this.#cluster = cluster;
  }

  begin(): void {
    const asked = (verb: 'pause' | 'cancel' | 'resumeOlder') => () => this.#cluster.person.ask(verb);
    const actions: Record<Kind, () => boolean> = {
      killWorker: () => this.#kill(this.#cluster.anyWorker()),
      killWorkerAtAct: () => this.#killAtAct(this.#cluster.anyWorker()),
      killCoordinator: () => this.#kill(this.#cluster.coordinator),
      killCoordinatorAtAct: () => this.#killAtAct(this.#cluster.coordinator),
      stallWorker: () => this.#stall(this.#cluster.anyWorker().process),
      stallCoordinator: () => this.#stall(this.#cluster.coordinator.process),
      loseConnections: () => this.#onPair((one, other) => this.#cluster.network.loseSome(one, other, this.#share())),
      breakConnections: () => this.#onPair((one, other) => this.#cluster.network.breakSome(one, other, this.#share())),
      partition: () => this.#partition(),
      partWorkers: () => this.#partWorkers(),
      drain: () => this.#drain(),
      pause: asked('pause'),
      cancel: asked('cancel'),
      resumeOlder: asked('resumeOlder'),
      fullDisk: () => this.#fillDisk(),
      flipBit: () => this.#flipBit(),
      twin: () => this.#cluster.twin(),
    };
    for (const [kind, act] of Object.entries(actions) as [Kind, () => boolean][]) this.#again(kind, act);
  }

  /** `act` says whether anything came of it. */
  #again(kind: Kind, act: () => boolean): void {
    const mean = this.#world.scenario.faults[kind];
    if (mean === undefined) return;
    this.#world.timeline.after(this.#world.dice.exponential(mean), `fault ${kind}`, () => {
      if (!this.#world.isChaotic) return;
      if (act()) this.#world.harm(kind);
      this.#again(kind, act);
    });
  }

  #kill(node: WorkerNode | CoordinatorNode): boolean {
    const lives = node.process?.isAlive ?? false;
    node.process?.die(this.#death());
    this.#cluster.restart(node, this.#outageMs());
    return lives;
  }

  #killAtAct(node: WorkerNode | CoordinatorNode): boolean {
    node.process?.dieAfterActs(this.#world.dice.whole(0, ACTS_MAX));
    node.process?.onDeath(() => this.#cluster.restart(node, this.#outageMs()));
    if (!node.process?.isAlive || this.#doomed.has(node.process)) return false;
    this.#doomed.add(node.process);
    return true;
  }

  #stall(process: SimulatedProcess | undefined): boolean {
    if (!process || process.isStalled) return false;
    process.stall();
    this.#cluster.network.stalled(process);
    this.#cluster.inChaos(this.#outageMs(), `${process.name} wakes up`, () => process.wake());
    return process.isAlive;
  }

  #flipBit(): boolean {
    const { compute } = this.#cluster.anyWorker();
    compute?.flipBit();
    return compute !== undefined;
  }

  #drain(): boolean {
    const worker = this.#cluster.anyWorker();
    worker.process?.onDeath(() => this.#cluster.restart(worker, this.#outageMs()));
    worker.drain();
    return worker.process?.isAlive ?? false;
  }

  /** Some nodes on one side, the others on the other; at times only one way is cut. */
  #partition(): boolean {
    const { dice } = this.#world;
    const share = dice.fraction();
    const here = new Set(this.#cluster.nodes.filter(() => dice.chance(share)));
    const there = this.#cluster.nodes.filter((node) => !here.has(node));
    const pairs = [...here].flatMap((one) => there.map((other) => [one, other] as const));
    return this.#cut(
      dice.chance(0.3) ? pairs : pairs.flatMap(([one, other]) => [[one, other] as const, [other, one] as const]),
    );
  }

  #partWorkers(): boolean {
    const [one, other] = [this.#cluster.anyWorker().identity.node, this.#cluster.anyWorker().identity.node];
    if (one === other) return false;
    return this.#cut([
      [one, other],
      [other, one],
    ]);
  }

  #cut(pairs: readonly (readonly [string, string])[]): boolean {
    const { network } = this.#cluster;
    for (const [from, to] of pairs) network.cut(from, to);
    this.#cluster.inChaos(this.#outageMs(), 'a partition heals', () => {
      for (const [from, to] of pairs) network.heal(from, to);
    });
    return pairs.length > 0;
  }

  #fillDisk(): boolean {
    const { disk } = this.#cluster.coordinator;
    disk.isFull = true;
    this.#cluster.inChaos(this.#outageMs() / 4, 'the disk has room again', () => {
      disk.isFull = false;
    });
    return true;
  }

  /** A node and another, or all others; half of the time the coordinator is one of them. */
  #onPair(act: (one: string, other: string | undefined) => boolean): boolean {
    const { dice } = this.#world;
    const one = this.#cluster.anyWorker().identity.node;
    const other = dice.pick([COORDINATOR, COORDINATOR, this.#cluster.anyWorker().identity.node, 'anybody']);
    return act(one, other === 'anybody' ? undefined : other);
  }

  #share(): number {
    return this.#world.dice.pick([1, 1, 0.5, 0.2]);
  }

  #death(): Death {
    return this.#world.dice.chance(this.#world.scenario.faults.machineShare) ? 'machine' : 'process';
  }

  #outageMs(): number {
    return this.#world.dice.exponential(this.#world.scenario.faults.outageMs);
  }
}
