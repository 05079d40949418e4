/**
 * The shell around the core: feeds it events, carries its effects out one after the other, and answers calls.
 * It decides nothing.
 */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { parseYaml, resolveRunConfig, toYaml } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { TransferHead } from '../control/messages.ts';
import { minibatchRows } from '../data/minibatch.ts';
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { Journal } from '../journal/journal.ts';
import { samplesUsed } from '../plan/ledger.ts';
import { planPhase, totalPhases } from '../plan/phasePlan.ts';
import { isFinal, type RunEvent } from '../report/runEvent.ts';
import type { RunView, WorkerView } from '../report/runView.ts';
import type { CoordinatorMetrics, RunStanding } from '../telemetry/metrics.ts';
import type { NatsOutbox } from '../telemetry/natsOutbox.ts';
import type { CoordinatorHandlers } from '../wire/handlers.ts';
import { CHUNK_BYTES } from '../wire/limits.ts';
import type { Effect, UnstampedEvent } from './core/effect.ts';
import type { CoordinatorEvent } from './core/event.ts';
import { type CoordinatorState, newestCheckpoint, type RunRecord } from './core/state.ts';
import { step } from './core/step.ts';
import { type JournalRecord, toJournal } from './journalRecord.ts';
import { RunFiles } from './runFiles.ts';
import { Sessions } from './sessions.ts';
import { Star, staleGeneration } from './star.ts';
import { receiveState } from './stateTransfer.ts';
import { Watchers } from './watchers.ts';

/** The journal is rewritten with one record a run when it grows beyond this. */
const JOURNAL_BYTES_MAX = 4 * 1024 * 1024;

export interface CoordinatorParts {
  readonly coordinatorId: string;
  readonly dataDir: string;
  readonly heartbeatIntervalMs: number;
  readonly journal: Journal<JournalRecord>;
  /** Undefined where no NATS server was named. */
  readonly outbox: NatsOutbox | undefined;
  readonly metrics: CoordinatorMetrics;
  readonly log: Logger;
}

export class Coordinator implements CoordinatorHandlers {
  readonly #parts: CoordinatorParts;
  readonly #files = new Map<string, RunFiles>();
  readonly #sessions: Sessions;
  readonly #star = new Star();
  readonly #watchers = new Watchers();
  readonly #ticker: NodeJS.Timeout;
  #state: CoordinatorState;
  #effects: Promise<void> = Promise.resolve();
  #creating: Promise<unknown> = Promise.resolve();

  constructor(parts: CoordinatorParts, restored: { state: CoordinatorState; files: readonly RunFiles[] }) {
    this.#parts = parts;
    this.#state = restored.state;
    for (const files of restored.files) this.#files.set(files.runId, files);
    for (const { runId, state } of restored.state.runs.values()) this.#watchers.standsAt(runId, state);
    this.#sessions = new Sessions({
      coordinatorId: parts.coordinatorId,
      heartbeatIntervalMs: parts.heartbeatIntervalMs,
      dispatch: (event) => this.#dispatch(event),
    });
    this.#ticker = setInterval(() => this.#dispatch({ type: 'tick' }), parts.heartbeatIntervalMs);
  }

  /** Ends every effect that is under way. Runs stay in the journal. */
  async close(): Promise<void> {
    clearInterval(this.#ticker);
    await this.#effects;
    for (const files of this.#files.values()) await files.history.close();
    await this.#parts.journal.close();
  }

  // ── what the core decides, and what follows ──────────────────────────────────────────────────────────────

  #dispatch(event: CoordinatorEvent): void {
    const clock = { nowMs: Date.now(), heartbeatIntervalMs: this.#parts.heartbeatIntervalMs };
    const { state, effects } = step(this.#state, event, clock);
    this.#state = state;
    this.#countAll();
    for (const effect of effects) {
      const run = effect.type === 'persist' ? state.runs.get(effect.runId) : undefined;
      this.#effects = this.#effects
        .then(() => this.#carryOut(effect, run))
        .catch((error) => this.#broke(effect, error));
    }
  }

  async #carryOut(effect: Effect, persisted: RunRecord | undefined): Promise<void> {
    switch (effect.type) {
      case 'persist':
        await this.#parts.journal.append(toJournal(must(persisted, 'run to persist')));
        return this.#compactIfLarge();
      case 'closeCollective':
        return this.#star.close(effect.runId);
      case 'openCollective':
        return this.#star.open(effect.runId, effect.generation, this.#run(effect.runId).config.shards, effect.members);
      case 'send':
        return this.#sessions.send(effect.workerId, effect.message);
      case 'endSession':
        this.#parts.log.warn(effect.why);
        return this.#sessions.end(effect.workerId);
      case 'keepSnapshot': {
        const artifact = await this.#filesOf(effect.runId).keepSnapshot(effect.phase, effect.pixels);
        return this.#publish({ kind: 'snapshot', runId: effect.runId, phase: effect.phase, artifact }, 0);
      }
      case 'publish':
        return this.#publish(effect.event, effect.exchangedBytes);
    }
  }

  /** An effect met the disk: the run that it belongs to stops, with what was found; others go on. */
  #broke(effect: Effect, error: unknown): void {
    this.#parts.log.error({ err: error }, `${effect.type} failed: ${describeError(error)}`);
    const runId = effect.type === 'publish' ? effect.event.runId : 'runId' in effect ? effect.runId : undefined;
    if (runId !== undefined && effect.type !== 'persist') {
      const run = this.#state.runs.get(runId);
      if (run && !isFinal(run.state)) this.#dispatch({ type: 'storageFailed', runId, why: describeError(error) });
    }
  }

  async #publish(body: UnstampedEvent, exchangedBytes: number): Promise<void> {
    const { history } = this.#filesOf(body.runId);
    if (!history.isNews(body)) return;
    const stamp = { schema: 'ganglion.v1' as const, sequence: history.takeSequence(), timeMs: Date.now() };
    const event: RunEvent = { ...body, ...stamp };
    await history.append(event);
    const { log, metrics, outbox } = this.#parts;
    if (event.kind === 'phase') metrics.phaseReported(event, exchangedBytes);
    if (event.kind === 'membership') metrics.membershipChanged(event.runId, event.generation);
    if (event.kind === 'state') log.info({ run: event.runId, state: event.state, phase: event.phase }, event.why);
    outbox?.offer(event);
    this.#watchers.tell(event);
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

  // ── what people ask ──────────────────────────────────────────────────────────────────────────────────────

  async createRun(configYaml: string, dryRun: boolean): Promise<RunView> {
    const config = resolveRunConfig(parseYaml(configYaml, 'the run config'), 'the run config');
    const dataset = RunFiles.check(config);
    if (dryRun) return dryView(config, dataset.size);
    // One after the other: two launches at once must not get one id.
    const created = this.#creating.then(() => this.#create(config));
    this.#creating = created.catch(() => undefined);
    return created;
  }

  async #create(config: RunConfig): Promise<RunView> {
    const runId = await this.#freeRunId(config.name);
    const files = await RunFiles.open(runId, join(this.#parts.dataDir, runId), config);
    const { weightsSha256 } = await files.initialise();
    this.#files.set(runId, files);
    await this.#parts.outbox?.addRun(runId, files.history);
    const { size: datasetSize, sampleBytes } = files.dataset;
    const updatesBefore = (phase: number) => planPhase(config, datasetSize, phase).updatesBefore;
    this.#parts.metrics.runOpened(runId, { phase: 0, samples: 0, totalPhases: files.totalPhases, updatesBefore });
    const { folder } = files;
    const identity = { runId, config, datasetSize, sampleBytes, totalPhases: files.totalPhases, folder };
    const checkpoints = [{ phase: 0, weightsSha256 }];
    this.#dispatch({ type: 'runCreated', run: { ...identity, createdAtMs: Date.now(), checkpoints } });
    await this.#effects;
    return this.getRun(runId);
  }

  getRun(runId: string): RunView {
    return viewOf(this.#run(runId));
  }

  listRuns(): RunView[] {
    return [...this.#state.runs.values()].sort((a, b) => a.createdAtMs - b.createdAtMs).map(viewOf);
  }

  watchRun(runId: string, fromSequence: number, signal: AbortSignal): AsyncIterable<RunEvent> {
    const { history } = this.#filesOf(runId);
    return this.#watchers.watch(runId, history.read(fromSequence), signal);
  }

  pauseRun(runId: string): Promise<RunView> {
    return this.#ask(runId, { type: 'pauseRequested', runId });
  }

  resumeRun(runId: string, fromPhase: number | undefined): Promise<RunView> {
    return this.#ask(runId, { type: 'resumeRequested', runId, fromPhase });
  }

  cancelRun(runId: string): Promise<RunView> {
    return this.#ask(runId, { type: 'cancelRequested', runId });
  }

  async #ask(runId: string, event: CoordinatorEvent): Promise<RunView> {
    this.#dispatch(event);
    await this.#effects;
    return this.getRun(runId);
  }

  async listArtifacts(runId: string) {
    return this.#filesOf(runId).artifacts();
  }

  async *fetchArtifact(runId: string, name: string): AsyncIterable<Uint8Array> {
    const file = this.#filesOf(runId).artifactPath(name);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) {
      throw new GanglionError({
        code: 'not-found',
        message: `Run '${runId}' has no file '${name}'.`,
        remedy: 'See `ganglion runs fetch RUN` without a name for the files that are there.',
      });
    }
    yield* createReadStream(file, { highWaterMark: CHUNK_BYTES });
  }

  listWorkers(): WorkerView[] {
    return [...this.#state.workers.values()]
      .sort((a, b) => (a.workerId < b.workerId ? -1 : 1))
      .map(({ workerId, hostname, pid, device, runId, phase, activity, connectedAtMs }) => {
        return { workerId, hostname, pid, device, runId: runId ?? '', phase, activity, connectedAtMs };
      });
  }

  // ── what workers ask ─────────────────────────────────────────────────────────────────────────────────────

  openSession(session: Parameters<CoordinatorHandlers['openSession']>[0]) {
    return this.#sessions.open(session);
  }

  *minibatches(head: TransferHead, fromPhase: number): Iterable<{ phase: number; samples: Uint8Array }> {
    const { config, totalPhases: total, members } = this.#current(head);
    const { shards } = must(
      members.find((member) => member.workerId === head.workerId),
      'member',
    );
    const { dataset } = this.#filesOf(head.runId);
    for (let phase = fromPhase; phase < total; phase++) {
      const plan = planPhase(config, dataset.size, phase);
      if (plan.minibatch === undefined) continue;
      this.#current(head);
      yield { phase, samples: minibatchRows(config, dataset, plan, shards) };
    }
  }

  async downloadState(runId: string, generation: number, phase: number) {
    const run = this.#run(runId);
    if (run.generation !== generation) throw staleGeneration({ runId, generation, workerId: '' }, run.generation);
    const { state, manifest } = await this.#filesOf(runId).checkpoints.load(phase);
    return { state, sha256: manifest.stateSha256 };
  }

  async uploadState(
    head: TransferHead,
    phase: number,
    chunks: AsyncIterable<{ data: Uint8Array; sha256: string }>,
  ): Promise<{ weightsSha256: string }> {
    const run = this.#current(head);
    const { checkpoints } = this.#filesOf(head.runId);
    const state = await receiveState(head, phase, chunks);
    const begin = performance.now();
    try {
      const manifest = await checkpoints.save(phase, run.totalPhases, state);
      const { weightsSha256, fileBytes, savedAtMs } = manifest;
      const seconds = (performance.now() - begin) / 1000;
      this.#parts.metrics.checkpointWritten(head.runId, { seconds, bytes: fileBytes, timeMs: savedAtMs });
      const kept = await checkpoints.phases();
      const checkpoint = { phase, weightsSha256 };
      this.#dispatch({ type: 'checkpointStored', runId: head.runId, checkpoint, kept });
      return { weightsSha256 };
    } catch (error) {
      this.#dispatch({ type: 'storageFailed', runId: head.runId, why: describeError(error) });
      throw error;
    }
  }

  joinReduce(head: TransferHead, peer: Parameters<CoordinatorHandlers['joinReduce']>[1]) {
    return this.#star.join(head, peer);
  }

  // ── look-ups ─────────────────────────────────────────────────────────────────────────────────────────────

  /** The run of a transfer whose generation is current and has the worker as a member. */
  #current(head: TransferHead): Readonly<RunRecord> {
    const run = this.#run(head.runId);
    const member = run.members.some(({ workerId }) => workerId === head.workerId);
    if (run.generation !== head.generation || !member) throw staleGeneration(head, run.generation);
    return run;
  }

  #run(runId: string): Readonly<RunRecord> {
    const run = this.#state.runs.get(runId);
    if (run) return run;
    throw new GanglionError({
      code: 'not-found',
      message: `There is no run '${runId}'.`,
      remedy: 'See `ganglion runs list` for the runs of this coordinator.',
    });
  }

  #filesOf(runId: string): RunFiles {
    this.#run(runId);
    return must(this.#files.get(runId), `files of run ${runId}`);
  }

  async #freeRunId(name: string): Promise<string> {
    const taken = new Set([...this.#state.runs.keys(), ...(await readdir(this.#parts.dataDir))]);
    let number = 1;
    while (taken.has(`${name}-${number}`)) number += 1;
    return `${name}-${number}`;
  }
}

/** What a run's earlier phases were, for counters that count on. */
export function standing(run: Readonly<RunRecord>): RunStanding {
  return {
    phase: run.phase,
    samples: samplesUsed(run.config, run.datasetSize, run.phase),
    totalPhases: run.totalPhases,
    updatesBefore: (phase) => planPhase(run.config, run.datasetSize, phase).updatesBefore,
  };
}

function viewOf(run: Readonly<RunRecord>): RunView {
  const { runId, state, why, phase, generation, createdAtMs, updatedAtMs, folder, statistics } = run;
  return {
    ...{ runId, state, why, phase, generation, createdAtMs, updatedAtMs, folder, statistics },
    configYaml: toYaml(run.config),
    totalPhases: run.totalPhases,
    workerIds: run.members.map(({ workerId }) => workerId),
    workersWanted: run.config.workers,
    checkpointPhases: run.checkpoints.map((checkpoint) => checkpoint.phase),
    weightsSha256: newestCheckpoint(run).weightsSha256,
  };
}

function dryView(config: RunConfig, datasetSize: number): RunView {
  return {
    runId: '',
    state: 'queued',
    why: 'A dry run: nothing was created.',
    configYaml: toYaml(config),
    phase: 0,
    totalPhases: totalPhases(config, datasetSize),
    generation: 0,
    workerIds: [],
    workersWanted: config.workers,
    createdAtMs: 0,
    updatedAtMs: 0,
    folder: '',
    checkpointPhases: [],
    weightsSha256: '',
    statistics: {},
  };
}
