/**
 * The shell around the core: feeds it events, and carries its effects out one after the other. It decides nothing.
 */
import type { Logger } from 'pino';
import { wireCodec } from '../compression/gradientExchange.ts';
import { waitsOf } from '../control/failureDetection.ts';
import type { ReportCounts } from '../control/messages.ts';
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { Evaluator } from '../evaluate/childEvaluator.ts';
import type { Metric } from '../evaluate/measures.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import { isFinal, type Member, type RunEvent } from '../report/runEvent.ts';
import type { CoordinatorMetrics } from '../telemetry/metrics.ts';
import type { CoordinatorClock } from './clock.ts';
import type { Effect, EvaluationToKeep, UnstampedEvent } from './core/effect.ts';
import { sparedPhases } from './core/evaluations.ts';
import type { CoordinatorEvent } from './core/event.ts';
import { type CoordinatorState, EMPTY_STATE, type EvaluationTurn, type RunRecord } from './core/state.ts';
import { step } from './core/step.ts';
import { lineOf } from './evaluationRecord.ts';
import { toJournal } from './journalRecord.ts';
import type { RestoredRun } from './restore.ts';
import { sightOf, standing } from './runViews.ts';
import { Sessions } from './sessions.ts';
import { Star } from './star.ts';
import type { RunJournal, RunStorage, RunStore } from './storage.ts';
import { tellEvent } from './tellEvent.ts';
import { nameOfEffect, nameOfEvent, runOfEffect, runOfEvent } from './tracing/names.ts';
import { Tracing } from './tracing/tracing.ts';
import { Watchers } from './watchers.ts';

/** The journal is rewritten with one record a run when it grows beyond this. */
const JOURNAL_BYTES_MAX = 4 * 1024 * 1024;

/** Where events go beside the run folder. */
export interface EventOutbox {
  addRun(runId: string): Promise<void>;
  offer(event: RunEvent): void;
}

export type EventMetrics = Pick<
  CoordinatorMetrics,
  | 'workers'
  | 'runs'
  | 'runOpened'
  | 'phaseReported'
  | 'membershipChanged'
  | 'picturesCompared'
  | 'alarmChanged'
  | 'evaluated'
  | 'faultMet'
  | 'checkpointWritten'
>;

export interface ShellParts {
  readonly coordinatorId: string;
  /** What keys are made of: new with each start, and nobody else's. */
  readonly secret: string;
  /** See `control/failureDetection.ts`. */
  readonly failureDetectionMs: number;
  readonly clock: CoordinatorClock;
  readonly journal: RunJournal;
  readonly storage: RunStorage;
  /** Undefined where no NATS server was named. */
  readonly outbox: EventOutbox | undefined;
  readonly metrics: EventMetrics;
  readonly evaluator: Evaluator;
  readonly log: Logger;
}

/** What waits for those before it: the disk may be among them. */
type QueuedEffect = Exclude<Effect, { type: 'endSession' }>;

const NOTHING: ReportCounts = { exchangedBytes: 0, savedBytes: 0, compileFallbacks: 0 };

export class CoreShell {
  readonly #parts: ShellParts;
  readonly #stores = new Map<string, RunStore>();
  readonly sessions: Sessions;
  readonly star = new Star();
  readonly watchers = new Watchers();
  readonly tracing: Tracing;
  readonly #stopTicking: () => void;
  /** Runs whose newest record is not in the journal, since that could not be written. */
  readonly #unsaved = new Set<string>();
  #state: CoordinatorState;
  #effects: Promise<void> = Promise.resolve();

  constructor(parts: ShellParts, restored: readonly RestoredRun[]) {
    this.#parts = parts;
    const runs = new Map(restored.map(({ run }) => [run.runId, run]));
    this.#state = { ...EMPTY_STATE, runs, tickedAtMs: parts.clock.nowMs() };
    for (const { run, store, checkpointAtMs } of restored) {
      this.#stores.set(run.runId, store);
      if (isFinal(run.state)) store.rest();
      this.watchers.standsAt(run.runId, run.state);
      parts.metrics.runOpened(run.runId, standing(run, checkpointAtMs));
    }
    this.sessions = new Sessions({
      coordinatorId: parts.coordinatorId,
      failureDetectionMs: parts.failureDetectionMs,
      dispatch: (event) => this.dispatch(event.type === 'workerSaid' ? this.#withSpread(event) : event),
      traced: (workerId, message) => this.tracing.said(workerId, message),
    });
    const { clock, failureDetectionMs } = parts;
    this.tracing = new Tracing({
      ...{ clock, failureDetectionMs },
      send: (workerId, message) => this.sessions.send(workerId, message),
      sight: (runId) => sightOf(this.run(runId), this.#state),
    });
    const { heartbeatMs } = waitsOf(failureDetectionMs);
    this.#stopTicking = clock.every(heartbeatMs, () => {
      this.dispatch({ type: 'tick' });
      this.tracing.looked(true);
    });
    this.dispatch({ type: 'begun' });
  }

  get state(): CoordinatorState {
    return this.#state;
  }

  /** Resolves when the effects that are queued now are carried out. */
  settled(): Promise<void> {
    return this.#effects;
  }

  addStore(runId: string, store: RunStore): void {
    this.#stores.set(runId, store);
  }

  /** Throws `not-found`. */
  run(runId: string): Readonly<RunRecord> {
    const run = this.#state.runs.get(runId);
    if (run) return run;
    throw new GanglionError({
      code: 'not-found',
      message: `There is no run '${runId}'.`,
      remedy: 'See `ganglion runs list` for the runs of this coordinator.',
    });
  }

  storeOf(runId: string): RunStore {
    this.run(runId);
    return must(this.#stores.get(runId), `store of run ${runId}`);
  }

  /** Ends every effect that is under way. Runs stay in the journal. */
  async close(): Promise<void> {
    this.#stopTicking();
    await this.#parts.evaluator.close();
    await this.#effects;
    for (const store of this.#stores.values()) await store.history.close();
    await this.#parts.journal.close();
  }

  dispatch(event: CoordinatorEvent): void {
    const { failureDetectionMs, secret, clock } = this.#parts;
    const context = { nowMs: clock.nowMs(), failureDetectionMs, secret };
    const decide = () => step(this.#state, event, context);
    const { state, effects } = this.tracing.time('decisions', runOfEvent(event), () => nameOfEvent(event), decide);
    this.#state = state;
    // Most of what workers say changes nobody's standing.
    if (event.type !== 'workerSaid' || effects.length > 0) {
      this.#countAll();
      this.tracing.looked(false);
    }
    for (const effect of effects) {
      if (effect.type === 'endSession') {
        this.#parts.log.warn(effect.why);
        this.sessions.end(effect.workerId);
        continue;
      }
      const run = effect.type === 'persist' ? state.runs.get(effect.runId) : undefined;
      this.#effects = this.#effects
        .then(() => this.#timed(effect, () => this.#carryOut(effect, run)))
        .catch((error) => this.#broke(effect, error));
    }
  }

  #timed(effect: QueuedEffect, work: () => Promise<void>): Promise<void> {
    return this.tracing.time('effects', runOfEffect(effect), () => nameOfEffect(effect), work);
  }

  /** Pictures are compared with the data before the core hears of them: at most 25 ms, see `illness/spread.ts`. */
  #withSpread(event: Extract<CoordinatorEvent, { type: 'workerSaid' }>): CoordinatorEvent {
    const { message } = event;
    if (message.type !== 'snapshot') return event;
    const spread = this.#stores.get(message.runId)?.spreadOf(message.pixels);
    if (spread) this.#parts.metrics.picturesCompared(message.runId, spread);
    return { ...event, spread };
  }

  async #carryOut(effect: QueuedEffect, persisted: RunRecord | undefined): Promise<void> {
    const { journal, log } = this.#parts;
    if (this.#isHeldBack(effect)) return;
    switch (effect.type) {
      case 'persist':
        await journal.append(toJournal(must(persisted, 'run to persist')));
        this.#unsaved.delete(effect.runId);
        // The journal is as it was where that fails, and grows on.
        return this.#compactIfLarge().catch((error) => log.error({ err: error }, 'the journal was not compacted'));
      case 'closeCollective':
        return this.star.close(effect.runId);
      case 'openCollective':
        return this.#openStar(effect.runId, effect.generation, effect.members);
      case 'send':
        failpoint('coordinator.beforeSend');
        this.sessions.send(effect.workerId, effect.message);
        return failpoint('coordinator.afterSend');
      case 'keepSnapshot': {
        const artifact = await this.storeOf(effect.runId).keepSnapshot(effect.phase, effect.pixels);
        return this.#publish({ kind: 'snapshot', runId: effect.runId, phase: effect.phase, artifact });
      }
      case 'keepEvidence':
        return this.storeOf(effect.runId).keepEvidence(effect.phase, effect.tensor, effect.members);
      case 'countFault':
        return this.#parts.metrics.faultMet(effect.fault);
      case 'evaluate':
        return void this.#evaluate(effect.turn, effect.metrics);
      case 'remark':
        return log.warn(effect.why);
      case 'keepEvaluation':
        return this.#keepEvaluation(effect.event, effect.weightsSha256);
      case 'dropCheckpoints':
        return this.#dropCheckpoints(effect.runId, effect.newest);
      case 'publish':
        failpoint('coordinator.beforePublish');
        return this.#publish(effect.event, effect.counts);
    }
  }

  /** Off the chain of effects: it may take minutes, and never rejects. */
  async #evaluate(turn: EvaluationTurn, metrics: readonly Metric[]): Promise<void> {
    const { config, folder } = this.run(turn.runId);
    const asked = { ...must(config.evaluation, 'evaluation'), metrics };
    const evaluate = () => this.#parts.evaluator.evaluate(folder, turn.phase, asked);
    const outcome = await this.tracing.time('evaluations', turn.runId, () => `of phase ${turn.phase}`, evaluate);
    if (outcome) this.dispatch({ type: 'evaluationEnded', turn, outcome });
  }

  async #keepEvaluation(event: EvaluationToKeep, weightsSha256: string): Promise<void> {
    const { config } = this.run(event.runId);
    const { seed } = must(config.evaluation, 'evaluation');
    const line = lineOf(event, { timeMs: this.#parts.clock.nowMs(), seed, weightsSha256 });
    await this.storeOf(event.runId).keepEvaluation(line);
    return this.#publish(event);
  }

  /** Where that fails, the run goes on with more checkpoints than it needs. */
  async #dropCheckpoints(runId: string, newest: number): Promise<void> {
    const { checkpoints } = this.storeOf(runId);
    const spared = () => sparedPhases(this.#state, runId);
    const phases = await checkpoints.dropOldest(newest, spared).catch((error: unknown) => {
      this.#parts.log.error({ err: error }, `old checkpoints were not removed: ${describeError(error)}`);
      return [];
    });
    if (phases.length > 0) this.dispatch({ type: 'checkpointsDropped', runId, phases });
  }

  /** Nothing that a run's record must be durable before happens while it is not: only its end is told, and its workers let go. */
  #isHeldBack(effect: QueuedEffect): boolean {
    switch (effect.type) {
      case 'openCollective':
        return this.#unsaved.has(effect.runId);
      case 'send': {
        // Neither moves the run forward.
        const isFree = effect.message.type === 'release' || effect.message.type === 'evaluationOrder';
        return !isFree && 'runId' in effect.message && this.#unsaved.has(effect.message.runId);
      }
      case 'publish': {
        const tellsEnd = effect.event.kind === 'state' && effect.event.state === 'failed';
        return !tellsEnd && this.#unsaved.has(effect.event.runId);
      }
      default:
        return false;
    }
  }

  /** An effect met the disk: the run that it belongs to stops, with what was found; others go on. */
  #broke(effect: QueuedEffect, error: unknown): void {
    this.#parts.log.error({ err: error }, `${effect.type} failed: ${describeError(error)}`);
    const runId = effect.type === 'publish' ? effect.event.runId : 'runId' in effect ? effect.runId : undefined;
    if (runId === undefined) return;
    if (effect.type === 'persist') this.#unsaved.add(runId);
    const run = this.#state.runs.get(runId);
    if (run && !isFinal(run.state)) this.dispatch({ type: 'storageFailed', runId, why: describeError(error) });
  }

  #openStar(runId: string, generation: number, members: readonly Member[]): void {
    const { config, sampleSize } = this.run(runId);
    this.star.open({ runId, shardCount: config.shards, codec: wireCodec(config, sampleSize) }, generation, members);
  }

  async #publish(body: UnstampedEvent, counts: ReportCounts = NOTHING): Promise<void> {
    const store = this.storeOf(body.runId);
    const { history } = store;
    if (body.kind === 'state' && isFinal(body.state)) store.rest();
    if (!history.isNews(body)) return;
    const stamp = {
      schema: 'ganglion.v1' as const,
      sequence: history.takeSequence(),
      timeMs: this.#parts.clock.nowMs(),
    };
    const event: RunEvent = { ...body, ...stamp };
    await history.append(event);
    const { outbox } = this.#parts;
    tellEvent(event, counts, this.#parts);
    outbox?.offer(event);
    this.watchers.tell(event);
  }

  async #compactIfLarge(): Promise<void> {
    if (this.#parts.journal.sizeBytes < JOURNAL_BYTES_MAX) return;
    await this.#parts.journal.compact([...this.#state.runs.values()].map(toJournal));
  }

  #countAll(): void {
    const workers = [...this.#state.workers.values()];
    const busy = workers.filter(({ runId }) => runId !== undefined).length;
    this.#parts.metrics.workers({ idle: workers.length - busy, busy });
    this.#parts.metrics.runs([...this.#state.runs.values()].map(({ state }) => state));
  }
}
