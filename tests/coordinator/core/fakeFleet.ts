/**
 * Workers that do what they are told, one small thing at a time, as real ones would: they load a state from where the
 * assignment says, give a phase's gradient, apply it when everybody has given, stop where the sum says so, hold, upload.
 * Between two of these things anything may happen to them. They outlive their sessions, and keep their state then.
 */
import { expect } from 'vitest';
import type { Assignment, CoordinatorMessage } from '../../../services/control/messages.ts';
import { must } from '../../../services/errors/invariant.ts';
import { FakeDisk, type FakeState, hashOf } from './fakeDisk.ts';
import type { Scenario } from './scenario.ts';

interface FakeWorker {
  /** False between two sessions. */
  connected: boolean;
  readonly deviceClass: string;
  order: 'none' | 'load' | 'ready' | 'train' | 'finished' | 'halt' | 'collect';
  /** The run whose state it holds. */
  runId: string;
  state: FakeState | undefined;
  assignment: Assignment | undefined;
  stopAsked: boolean;
  /** It told what it holds in this generation. */
  told: number;
  /** Phases whose gradient it gave in this generation. */
  given: number;
}

export class FakeFleet {
  readonly disk: FakeDisk;
  readonly #story: Scenario;
  readonly #workers = new Map<string, FakeWorker>();
  /** Phases at whose end all members of a generation stop: `run generation phase`. */
  readonly #stops = new Set<string>();

  constructor(story: Scenario) {
    this.#story = story;
    this.disk = new FakeDisk(story);
  }

  get ids(): string[] {
    return [...this.#workers.keys()];
  }

  /** A new process. */
  start(id: string, deviceClass: string): void {
    const idle = { order: 'none', runId: '', state: undefined, assignment: undefined } as const;
    const fresh = { ...idle, stopAsked: false, told: 0, given: 0 };
    this.#workers.set(id, { ...fresh, connected: true, deviceClass });
    this.#story.joinAs(id, { deviceClass });
    this.hear();
  }

  /** Its process dies. */
  kill(id: string): void {
    this.#workers.delete(id);
    this.#story.leave(id);
    this.hear();
  }

  /** Its session ends; the process lives, and stops at the phase boundary. */
  sever(id: string): void {
    this.#cut(id);
    this.#story.leave(id);
    this.hear();
  }

  /** In a new session, with what it still holds. */
  comeBack(id: string): void {
    const worker = this.#workers.get(id);
    if (!worker || worker.connected) return;
    worker.connected = true;
    const { runId, state, deviceClass } = worker;
    const run = this.#story.state.runs.get(runId);
    const held = state && run && { runId, phase: state.phase, configSha256: run.configSha256 };
    this.#story.joinAs(id, { deviceClass }, held);
    this.hear();
  }

  /** The coordinator dies and starts again. What it sent last may have reached nobody. */
  restartCoordinator(): void {
    for (const id of this.ids) this.#cut(id);
    this.#story.restart();
  }

  beatAll(): void {
    for (const [id, { connected, state, order }] of this.#workers) {
      if (connected) this.#story.beat(id, state?.phase ?? 0, order === 'train' ? 'compute' : order);
      this.hear();
    }
  }

  /** A bit of its state falls over. */
  spoil(id: string): void {
    const worker = this.#workers.get(id);
    if (worker?.state) worker.state = { ...worker.state, wrong: true };
  }

  isConnected(id: string): boolean {
    return this.#workers.get(id)?.connected ?? false;
  }

  isAtWork(id: string): boolean {
    const order = this.#workers.get(id)?.order;
    return order === 'load' || order === 'train';
  }

  stateOf(id: string, runId: string): FakeState | undefined {
    const worker = this.#workers.get(id);
    return worker?.runId === runId ? worker.state : undefined;
  }

  /** Takes note of what the last event sent, and of who was told to go. */
  hear(): void {
    const { effects } = this.#story;
    this.#story.effects = [];
    for (const effect of effects) {
      if (effect.type === 'endSession') this.#cut(effect.workerId);
      const worker = effect.type === 'send' ? this.#workers.get(effect.workerId) : undefined;
      if (effect.type === 'send' && worker?.connected) this.#obey(worker, effect.message);
    }
  }

  /** The next thing that this worker does. False where there is none. */
  act(id: string): boolean {
    const worker = this.#workers.get(id);
    if (!worker?.connected) return false;
    const did = this.#do(id, worker);
    this.hear();
    return did;
  }

  #do(id: string, worker: FakeWorker): boolean {
    switch (worker.order) {
      case 'load':
        return this.#load(id, worker);
      case 'train':
        return this.#train(id, worker);
      case 'halt':
        worker.order = 'none';
        this.#story.held(id, worker.state?.phase);
        return true;
      case 'collect':
        worker.order = 'none';
        this.disk.store(worker.runId, must(worker.state, 'state'));
        return true;
      default:
        return false;
    }
  }

  #obey(worker: FakeWorker, message: CoordinatorMessage): void {
    switch (message.type) {
      case 'assignment': {
        const state = worker.runId === message.runId ? worker.state : undefined;
        if (message.keepState) expect(state?.phase).toBe(message.phase);
        const fresh = { stopAsked: false, given: message.phase, told: 0, runId: message.runId, assignment: message };
        return void Object.assign(worker, { ...fresh, order: 'load', state: message.keepState ? state : undefined });
      }
      case 'begin':
        if (worker.assignment?.generation === message.generation && worker.order === 'ready') worker.order = 'train';
        return;
      case 'halt':
        if (message.graceful && worker.order === 'train') worker.stopAsked = true;
        else if (!message.graceful || worker.told < message.generation) {
          worker.told = message.generation;
          worker.order = 'halt';
        }
        return;
      case 'collectState':
        worker.order = 'collect';
        return;
      case 'release':
        return void Object.assign(worker, { order: 'none', state: undefined, runId: '', assignment: undefined });
      default:
    }
  }

  #load(id: string, worker: FakeWorker): boolean {
    const { runId, phase, sourceRank, members, keepState } = must(worker.assignment, 'assignment');
    if (!keepState) {
      const source = sourceRank === undefined ? undefined : members[sourceRank]?.workerId;
      const found = source === undefined ? this.disk.read(runId, phase) : this.stateOf(source, runId);
      // Its source may have gone since: the coordinator will say what to do.
      if (source !== undefined && found?.phase !== phase) return false;
      worker.state = must(found, `state of phase ${phase}`);
    }
    worker.order = 'ready';
    this.#story.ready(id);
    return true;
  }

  /** Gives the gradient of its next phase; or applies that phase, where all have given. */
  #train(id: string, worker: FakeWorker): boolean {
    const assignment = must(worker.assignment, 'assignment');
    const { runId, generation, members, totalPhases, rank } = assignment;
    const { phase, wrong } = must(worker.state, 'state');
    const computes = (members[rank]?.shards.length ?? 0) > 0;
    const stop = `${runId} ${generation} ${phase}`;
    if (computes && worker.given === phase) {
      worker.given += 1;
      if (worker.stopAsked) this.#stops.add(stop);
      return true;
    }
    const others = members.filter(({ shards }) => shards.length > 0).map(({ workerId }) => this.#workers.get(workerId));
    const all = others.every((other) => other?.assignment?.generation === generation && other.given > phase);
    if (!all) return false;
    worker.state = { phase: phase + 1, wrong };
    this.#story.report(id, phase, hashOf(worker.state));
    const last = phase + 1 === totalPhases;
    if (rank === 0 && (last || phase % 2 === 1)) this.disk.store(runId, worker.state);
    if (last || this.#stops.has(stop)) this.#ended(id, worker, generation);
    return true;
  }

  #ended(id: string, worker: FakeWorker, generation: number): void {
    worker.order = 'finished';
    if (!worker.stopAsked && worker.state?.phase === worker.assignment?.totalPhases) return;
    worker.told = generation;
    this.#story.held(id, worker.state?.phase);
  }

  #cut(id: string): void {
    const worker = this.#workers.get(id);
    if (!worker) return;
    Object.assign(worker, { connected: false, order: 'none', assignment: undefined });
  }
}
