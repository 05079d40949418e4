import { configSha256 } from '../config/configHash.ts';
import { parseYaml, resolveRunConfig } from '../config/resolve.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { TransferHead } from '../control/messages.ts';
import { fingerprintOf } from '../data/fingerprint.ts';
import { minibatchRows } from '../data/minibatch.ts';
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { planPhase } from '../plan/phasePlan.ts';
import type { RunEvent } from '../report/runEvent.ts';
import type { Lane, RunGlance, RunView, WorkerView } from '../report/runView.ts';
import type { LiveRun } from '../telemetry/liveRun.ts';
import type { AskedTrace, TracePart } from '../trace/tracePart.ts';
import type { CoordinatorHandlers } from '../wire/handlers.ts';
import { type Chaos, chaosForbidden, faultOf, noSuchWorker } from './chaos.ts';
import { sparedPhases } from './core/evaluations.ts';
import type { CoordinatorEvent } from './core/event.ts';
import type { RunRecord } from './core/state.ts';
import { CoreShell, type ShellParts } from './coreShell.ts';
import { requireRunId, requireSameConfig } from './namedLaunch.ts';
import type { RestoredRun } from './restore.ts';
import { dryView, glanceOf, lanesOf, liveRun, viewOf, workerView } from './runViews.ts';
import { staleGeneration } from './star.ts';
import { receiveState } from './stateTransfer.ts';

export interface CoordinatorParts extends ShellParts {
  /** Whether faults may be asked for; undefined: they may not. */
  readonly chaos?: Chaos | undefined;
}

export class Coordinator implements CoordinatorHandlers {
  readonly #parts: CoordinatorParts;
  readonly #shell: CoreShell;
  #creating: Promise<unknown> = Promise.resolve();

  constructor(parts: CoordinatorParts, restored: readonly RestoredRun[]) {
    this.#parts = parts;
    this.#shell = new CoreShell(parts, restored);
  }

  close(): Promise<void> {
    return this.#shell.close();
  }

  // ── what people ask ──────────────────────────────────────────────────────────────────────────────────────

  async createRun(configYaml: string, dryRun: boolean, runId = ''): Promise<RunView> {
    const config = resolveRunConfig(parseYaml(configYaml, 'the run config'), 'the run config');
    const dataset = this.#parts.storage.check(config);
    if (runId !== '') requireRunId(runId);
    if (dryRun) {
      if (!this.#runAlreadyThere(runId, config) && runId !== '') await this.#parts.storage.requireUnbegun(runId);
      return dryView(config, dataset.size);
    }
    // One after the other: two launches at once must not get one id.
    const created = this.#creating.then(() => this.#runAlreadyThere(runId, config) ?? this.#create(config, runId));
    this.#creating = created.catch(() => undefined);
    return created;
  }

  #runAlreadyThere(runId: string, config: RunConfig): RunView | undefined {
    const there = this.#shell.state.runs.get(runId);
    if (!there) return undefined;
    requireSameConfig(runId, there.config, config);
    return viewOf(there);
  }

  async #create(config: RunConfig, named: string): Promise<RunView> {
    const { storage, outbox, metrics, clock } = this.#parts;
    const taken = new Set([...this.#shell.state.runs.keys(), ...(await storage.taken())]);
    const runId = named || freeRunId(config.name, taken);
    if (taken.has(runId)) await storage.requireUnbegun(runId);
    const store = await storage.open(runId, storage.folderOf(runId), config);
    const { weightsSha256 } = await store.initialise();
    this.#shell.addStore(runId, store);
    await outbox?.addRun(runId);
    const { folder, totalPhases } = store;
    const { size: datasetSize, sampleSize } = store.dataset;
    const updatesBefore = (phase: number) => planPhase(config, datasetSize, phase).updatesBefore;
    const createdAtMs = clock.nowMs();
    const at = { phase: 0, samples: 0, totalPhases, checkpointAtMs: createdAtMs, alarms: [], measures: [] };
    metrics.runOpened(runId, { ...at, updatesBefore });
    const identity = {
      runId,
      config,
      configSha256: configSha256(config),
      datasetSize,
      sampleSize,
      dataSha256: config.evaluation ? fingerprintOf(store.dataset) : '',
      totalPhases,
      folder,
    };
    const checkpoints = [{ phase: 0, weightsSha256 }];
    this.#shell.dispatch({ type: 'runCreated', run: { ...identity, createdAtMs, checkpoints } });
    await this.#shell.settled();
    return this.getRun(runId);
  }

  getRun(runId: string): RunView {
    return viewOf(this.#shell.run(runId));
  }

  /** For metrics. */
  liveRuns(): LiveRun[] {
    const { runs, workers } = this.#shell.state;
    return [...runs.values()].map((run) => liveRun(run, workers));
  }

  listRuns(): RunView[] {
    return [...this.#shell.state.runs.values()].sort((a, b) => a.createdAtMs - b.createdAtMs).map(viewOf);
  }

  watchRun(runId: string, fromSequence: number, signal: AbortSignal, caughtUp?: () => void): AsyncIterable<RunEvent> {
    const { history } = this.#shell.storeOf(runId);
    return this.#shell.watchers.watch(runId, history.read(fromSequence), fromSequence, signal, caughtUp);
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
    this.#shell.dispatch(event);
    await this.#shell.settled();
    return this.getRun(runId);
  }

  async listArtifacts(runId: string) {
    return this.#shell.storeOf(runId).artifacts();
  }

  fetchArtifact(runId: string, name: string): AsyncIterable<Uint8Array> {
    return this.#shell.storeOf(runId).readArtifact(name);
  }

  traceRun(asked: AskedTrace, signal: AbortSignal): AsyncIterable<TracePart> {
    return this.#shell.tracing.trace(asked, signal);
  }

  listWorkers(): WorkerView[] {
    return [...this.#shell.state.workers.values()]
      .sort((a, b) => (a.workerId < b.workerId ? -1 : 1))
      .map((worker) => workerView(worker, this.#shell.state.evaluations));
  }

  drainWorker(workerId: string): void {
    if (!this.#shell.state.workers.has(workerId)) throw noSuchWorker(workerId);
    this.#shell.sessions.send(workerId, { type: 'drain', why: 'a person asked for it.' });
  }

  inject(workerId: string, kind: string, durationMs: number): void {
    const { chaos, log } = this.#parts;
    if (!chaos) throw chaosForbidden();
    const fault = faultOf(workerId, kind);
    log.warn({ workerId, kind, durationMs }, 'a fault was asked for');
    if (fault === 'coordinator') return chaos.kill();
    if (!this.#shell.state.workers.has(workerId)) throw noSuchWorker(workerId);
    this.#shell.sessions.send(workerId, { type: 'fault', kind: fault, durationMs });
  }

  // ── what the live page asks, several times a second ──────────────────────────────────────────────────────

  glances(): RunGlance[] {
    return [...this.#shell.state.runs.values()].map(glanceOf);
  }

  glance(runId: string): RunGlance {
    return glanceOf(this.#shell.run(runId));
  }

  lanes(runId: string): Lane[] {
    return lanesOf(this.#shell.run(runId), this.#shell.state);
  }

  game(runId: string): { config: RunConfig; shape: readonly number[] } {
    return { config: this.#shell.run(runId).config, shape: this.#shell.storeOf(runId).sampleShape };
  }

  // ── what workers ask ─────────────────────────────────────────────────────────────────────────────────────

  openSession(session: Parameters<CoordinatorHandlers['openSession']>[0]) {
    return this.#shell.sessions.open(session);
  }

  *minibatches(head: TransferHead, fromPhase: number): Iterable<{ phase: number; samples: Uint8Array }> {
    const { config, totalPhases: total, members } = this.#current(head);
    const { shards } = must(
      members.find((member) => member.workerId === head.workerId),
      'member',
    );
    const { dataset } = this.#shell.storeOf(head.runId);
    for (let phase = fromPhase; phase < total; phase++) {
      const plan = planPhase(config, dataset.size, phase);
      if (plan.minibatch === undefined) continue;
      this.#current(head);
      const read = () => minibatchRows(config, dataset, plan, shards);
      const samples = this.#shell.tracing.time(
        `minibatches of ${head.workerId}`,
        head.runId,
        () => `of phase ${phase}`,
        read,
      );
      yield { phase, samples };
    }
  }

  async downloadState(runId: string, generation: number, phase: number) {
    const run = this.#shell.run(runId);
    if (run.generation !== generation) throw staleGeneration({ runId, generation, workerId: '' }, run.generation);
    return this.#stateOf(runId, phase);
  }

  async downloadMeasured(runId: string, evaluationId: number, phase: number) {
    const { running } = this.#shell.state.evaluations;
    const isAsked = running?.parts.some(({ partId, workerId }) => partId === evaluationId && workerId !== undefined);
    if (running?.runId !== runId || running.phase !== phase || !isAsked) throw evaluationOver(runId, phase);
    return this.#stateOf(runId, phase);
  }

  async #stateOf(runId: string, phase: number) {
    const { state, manifest } = await this.#shell.storeOf(runId).checkpoints.load(phase);
    return { state, sha256: manifest.stateSha256 };
  }

  async uploadState(
    head: TransferHead,
    phase: number,
    chunks: AsyncIterable<{ data: Uint8Array; sha256: string }>,
  ): Promise<{ weightsSha256: string }> {
    const run = this.#current(head);
    const { checkpoints } = this.#shell.storeOf(head.runId);
    const receive = () => receiveState(head, phase, chunks);
    const state = await this.#shell.tracing.time('checkpoints', head.runId, () => `receive phase ${phase}`, receive);
    // The generation may have ended meanwhile: what it had is not this run's newest state any more.
    this.#current(head);
    const begin = this.#parts.clock.elapsedMs();
    try {
      const spared = () => sparedPhases(this.#shell.state, head.runId);
      const save = () => checkpoints.save(phase, run.totalPhases, state, spared);
      const manifest = await this.#shell.tracing.time('checkpoints', head.runId, () => `write phase ${phase}`, save);
      const { weightsSha256, fileBytes, savedAtMs } = manifest;
      const seconds = (this.#parts.clock.elapsedMs() - begin) / 1000;
      this.#parts.metrics.checkpointWritten(head.runId, { seconds, bytes: fileBytes, timeMs: savedAtMs });
      const kept = await checkpoints.phases();
      const checkpoint = { phase, weightsSha256 };
      const { runId, generation } = head;
      this.#shell.dispatch({ type: 'checkpointStored', runId, generation, checkpoint, kept });
      return { weightsSha256 };
    } catch (error) {
      this.#shell.dispatch({ type: 'storageFailed', runId: head.runId, why: describeError(error) });
      throw error;
    }
  }

  joinReduce(head: TransferHead, peer: Parameters<CoordinatorHandlers['joinReduce']>[1]) {
    return this.#shell.star.join(head, peer);
  }

  /** The run of a transfer whose generation is current and has the worker as a member. */
  #current(head: TransferHead): Readonly<RunRecord> {
    const run = this.#shell.run(head.runId);
    const member = run.members.some(({ workerId }) => workerId === head.workerId);
    if (run.generation !== head.generation || !member) throw staleGeneration(head, run.generation);
    return run;
  }
}

function evaluationOver(runId: string, phase: number): GanglionError {
  return new GanglionError({
    code: 'aborted',
    message: `Nobody waits for measures of ${runId} after phase ${phase} any more.`,
    remedy: 'Nothing needs to be done: whoever is spare is asked again.',
  });
}

function freeRunId(name: string, taken: ReadonlySet<string>): string {
  let number = 1;
  while (taken.has(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}
