/** The state while one event is worked into it: records are copied when first touched, so the old state stays whole. */
import type { OrderedMap } from 'immutable';
import { GanglionError } from '../../errors/ganglionError.ts';
import { must } from '../../errors/invariant.ts';
import type { RunState } from '../../report/runEvent.ts';
import type { Effect } from './effect.ts';
import type { CoordinatorState, EvaluationQueue, RunRecord, WorkerRecord } from './state.ts';

/** A Map, or what takes its place where there may be thousands. */
interface Touchable<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): unknown;
}

export class Draft {
  readonly nowMs: number;
  readonly failureDetectionMs: number;
  /** What keys are made of. */
  readonly secret: string;
  tickedAtMs: number | undefined;
  evaluations: EvaluationQueue;
  readonly #effects: Effect[] = [];
  readonly #workers: OrderedMap<string, WorkerRecord>;
  readonly #runs: Map<string, RunRecord>;
  readonly #touched = new Set<object>();

  constructor(state: CoordinatorState, at: { nowMs: number; failureDetectionMs: number; secret: string }) {
    this.nowMs = at.nowMs;
    this.failureDetectionMs = at.failureDetectionMs;
    this.secret = at.secret;
    this.tickedAtMs = state.tickedAtMs;
    this.evaluations = state.evaluations;
    this.#workers = state.workers.asMutable();
    this.#runs = new Map(state.runs);
  }

  /** Ends the work on it. */
  get state(): CoordinatorState {
    const { tickedAtMs, evaluations } = this;
    return { workers: this.#workers.asImmutable(), runs: this.#runs, evaluations, tickedAtMs };
  }

  /** In the order that `Effect` promises, whatever order they were decided in. */
  get effects(): Effect[] {
    return this.#effects.toSorted((a, b) => rankOf(a) - rankOf(b));
  }

  worker(workerId: string): WorkerRecord | undefined {
    return this.#copyOnTouch(this.#workers, workerId);
  }

  workerIds(): string[] {
    return [...this.#workers.keys()];
  }

  runIds(): string[] {
    return [...this.#runs.keys()];
  }

  putWorker(worker: WorkerRecord): void {
    this.#touched.add(worker);
    this.#workers.set(worker.workerId, worker);
  }

  removeWorker(workerId: string): void {
    this.#workers.delete(workerId);
  }

  putRun(run: RunRecord): void {
    this.#touched.add(run);
    this.#runs.set(run.runId, run);
  }

  run(runId: string): RunRecord {
    return must(this.#copyOnTouch(this.#runs, runId), `run ${runId}`);
  }

  /** The run that a person named; NOT_FOUND where there is none. */
  namedRun(runId: string): RunRecord {
    if (this.#runs.has(runId)) return this.run(runId);
    throw new GanglionError({
      code: 'not-found',
      message: `There is no run '${runId}'.`,
      remedy: 'See `ganglion runs list` for the runs of this coordinator.',
    });
  }

  emit(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Once is enough: what is made durable is the run as it is at the end of the step. */
  persist(runId: string): void {
    if (this.#effects.some((effect) => effect.type === 'persist' && effect.runId === runId)) return;
    this.emit({ type: 'persist', runId });
  }

  /** Moves a run to a state with the sentence that explains it: durable first, then told. */
  enter(run: RunRecord, state: RunState, why: string, weightsSha256 = ''): void {
    run.state = state;
    run.why = why;
    run.updatedAtMs = this.nowMs;
    this.persist(run.runId);
    this.emit({
      type: 'publish',
      event: {
        kind: 'state',
        runId: run.runId,
        state,
        why,
        phase: run.phase,
        totalPhases: run.totalPhases,
        weightsSha256,
      },
    });
  }

  #copyOnTouch<Value extends object>(map: Touchable<Value>, key: string): Value | undefined {
    const value = map.get(key);
    if (value === undefined || this.#touched.has(value)) return value;
    const copy = { ...value };
    this.#touched.add(copy);
    map.set(key, copy);
    return copy;
  }
}

function rankOf({ type }: Effect): number {
  switch (type) {
    case 'persist':
      return 0;
    case 'publish':
    case 'countFault':
    case 'keepSnapshot':
    case 'keepEvaluation':
    case 'remark':
      return 2;
    // What made another checkpoint the best must be durable first.
    case 'dropCheckpoints':
      return 3;
    default:
      return 1;
  }
}
