/**
 * Workers that do what they are told, one answer at a time, as real ones would: ready, then reports in step with the
 * others, held when halted, an upload when asked and after the last phase. Between answers anything may happen to them.
 */
import type { Assignment } from '../../../services/control/messages.ts';
import { invariant } from '../../../services/errors/invariant.ts';
import type { Scenario } from './scenario.ts';

interface FakeWorker {
  order: 'load' | 'train' | 'halt' | 'collect' | 'none';
  /** The run whose state it holds, and the phases applied in it. */
  runId: string;
  applied: number | undefined;
  assignment: Assignment | undefined;
}

export class FakeFleet {
  readonly #story: Scenario;
  readonly #workers = new Map<string, FakeWorker>();
  /** Phases on disk, by run: what resume forgets stays there. */
  readonly #onDisk = new Map<string, number[]>();

  constructor(story: Scenario) {
    this.#story = story;
  }

  /** Takes note of what the last event sent. */
  hear(): void {
    for (const workerId of this.#workers.keys()) {
      if (!this.#story.state.workers.has(workerId)) this.#workers.delete(workerId);
    }
    for (const effect of this.#story.effects) {
      if (effect.type !== 'send') continue;
      const worker = this.#worker(effect.workerId);
      const { message } = effect;
      if (message.type === 'assignment') this.#assign(worker, message);
      if (message.type === 'halt') worker.order = 'halt';
      if (message.type === 'collectState') worker.order = 'collect';
      if (message.type === 'release') Object.assign(worker, { order: 'none', applied: undefined });
    }
  }

  /** A new process: whatever its id held is gone. */
  restart(workerId: string): void {
    this.#workers.delete(workerId);
  }

  /** The next thing that this worker does. False where there is none. */
  act(workerId: string): boolean {
    const worker = this.#worker(workerId);
    const { order, applied, assignment } = worker;
    if (order === 'load' && assignment) {
      Object.assign(worker, { order: 'train', applied: assignment.phase });
      this.#story.ready(workerId);
    } else if (order === 'train' && assignment && applied !== undefined) {
      if (!this.#mayApply(assignment, applied)) return false;
      worker.applied = applied + 1;
      this.#story.report(workerId, applied, `hash-${applied + 1}`);
      const last = applied + 1 === assignment.totalPhases;
      if (assignment.rank === 0 && (last || applied % 2 === 1)) this.store(assignment.runId, applied + 1);
    } else if (order === 'halt') {
      worker.order = 'none';
      this.#story.held(workerId, applied);
    } else if (order === 'collect') {
      invariant(applied !== undefined, 'only a worker with a state is asked for it');
      worker.order = 'none';
      this.store(worker.runId, applied);
    } else {
      return false;
    }
    this.hear();
    return true;
  }

  /** As the checkpoint store does: the newest three are kept, and those newer than the one that is saved. */
  store(runId: string, phase: number): void {
    this.hear();
    const all = [...new Set([...(this.#onDisk.get(runId) ?? [0]), phase])].sort((a, b) => a - b);
    const surplus = all.slice(0, Math.max(0, all.length - 3)).filter((old) => old < phase);
    const kept = all.filter((old) => !surplus.includes(old));
    this.#onDisk.set(runId, kept);
    const checkpoint = { phase, weightsSha256: `hash-${phase}` };
    this.#story.on({ type: 'checkpointStored', runId, checkpoint, kept });
  }

  /** Phases applied in the state of this run that a worker holds. */
  holds(workerId: string, runId: string): number | undefined {
    const worker = this.#workers.get(workerId);
    return worker?.runId === runId ? worker.applied : undefined;
  }

  #assign(worker: FakeWorker, assignment: Assignment): void {
    const holds = worker.runId === assignment.runId ? worker.applied : undefined;
    invariant(!assignment.keepState || holds === assignment.phase, 'only who holds that phase keeps its state');
    Object.assign(worker, { order: 'load', runId: assignment.runId, assignment });
    if (!assignment.keepState) worker.applied = undefined;
  }

  /** The all-reduce: nobody applies a phase before everybody has the one before it. */
  #mayApply({ runId, members, totalPhases }: Assignment, applied: number): boolean {
    if (applied >= totalPhases) return false;
    return members.every(({ workerId }) => {
      const other = this.#workers.get(workerId);
      return other?.order === 'train' && other.runId === runId && (other.applied ?? -1) >= applied;
    });
  }

  #worker(workerId: string): FakeWorker {
    const worker = this.#workers.get(workerId) ?? {
      order: 'none',
      runId: '',
      applied: undefined,
      assignment: undefined,
    };
    this.#workers.set(workerId, worker);
    return worker;
  }
}
