/**
 * One worker's membership in one run, over its generations and over the coordinator's restarts: gets a state, trains, stops
 * at a phase boundary when told, keeps the state in memory, and goes on in the next generation.
 */
import type { Collective } from '../collective/collective.ts';
import { GradientExchange } from '../compression/gradientExchange.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { Assignment, HeldState, TransferHead, WorkerMessage } from '../control/messages.ts';
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import { failpoint } from '../failpoint/failpoint.ts';
import type { SpanRecorder } from '../trace/recorder.ts';
import { openCollective, type RoadPorts } from './collectiveRoad.ts';
import type { Compute } from './compute/protocol.ts';
import { Minibatches } from './minibatches.ts';
import { PhaseTimer } from './phaseTimer.ts';
import { RunMemory } from './runMemory.ts';
import { getState } from './stateSource.ts';
import { tracedCollective } from './tracedCollective.ts';
import { type Ending, train } from './trainer.ts';

export interface MembershipPorts extends RoadPorts {
  readonly workerId: string;
  readonly compute: Compute;
  send(message: WorkerMessage): void;
  /** How long a worker whose road broke waits for the coordinator's word: see `control/failureDetection.ts`. */
  readonly haltMs: number;
  /** Calls back after so long; the returned function calls it off. */
  after(ms: number, then: () => void): () => void;
  /** See `LifePorts`. */
  placed(peers: Assignment['peers'], rank: number): Promise<void>;
  readonly trace: SpanRecorder;
}

export class Membership {
  readonly runId: string;
  readonly #ports: () => MembershipPorts;
  #generation = 0;
  #activity = 'idle';
  readonly #memory = new RunMemory();
  #stop = new AbortController();
  #stopAsked = false;
  /** Whether the coordinator was told what is held in this generation. */
  #isHeldTold = false;
  #begin: () => void = () => undefined;
  #collective: Collective | undefined;
  #minibatches: Minibatches | undefined;
  #training: Promise<void> = Promise.resolve();
  #isTraining = false;
  /** The road broke, and the coordinator's word of it is awaited: what is held is not where the others stop. */
  #isBroken = false;
  #upload: Promise<void> = Promise.resolve();
  #callOff: () => void = () => undefined;

  /** `ports` are those of the session of the moment: a membership outlives sessions. */
  constructor(runId: string, ports: () => MembershipPorts) {
    this.runId = runId;
    this.#ports = ports;
  }

  /** For heartbeats. */
  get position(): { runId: string; generation: number; phase: number; activity: string } {
    const waiting = this.#activity === 'exchange' ? this.#collective?.waitingFor?.() : undefined;
    return { ...this.#here(), activity: waiting ? `exchange, waits for ${waiting}` : this.#activity };
  }

  /** The state in memory, for the next Hello. */
  get held(): HeldState | undefined {
    return this.#memory.held(this.runId);
  }

  /** Begins to work in a generation. What goes wrong is reported to the coordinator. */
  async join(assignment: Assignment): Promise<void> {
    await this.#quiet('A new assignment came.');
    this.#generation = assignment.generation;
    this.#stop = new AbortController();
    this.#stopAsked = false;
    this.#isHeldTold = false;
    this.#isTraining = true;
    this.#isBroken = false;
    this.#ports().trace.joins(this.runId, assignment.phase);
    const begun = new Promise<void>((resolve) => {
      this.#begin = resolve;
    });
    this.#training = this.#work(assignment, begun, this.#stop.signal);
  }

  /** Every member is ready. */
  begin(generation: number): void {
    if (generation === this.#generation) this.#begin();
  }

  /** Stops, and says what is held: at once, or at the end of the phase that all members end with. */
  async halt(generation: number, why: string, graceful: boolean): Promise<void> {
    if (graceful && (this.#isTraining || this.#isBroken)) {
      this.#stopAsked = true;
      return;
    }
    await this.#quiet(why);
    this.#isBroken = false;
    if (generation !== this.#generation) this.#isHeldTold = false;
    this.#generation = generation;
    this.#tellHeld();
  }

  /** Begins to upload the held state for a checkpoint. */
  collect(): void {
    const generation = this.#generation;
    this.#uploadState(must(this.#memory.wholePhase, 'held state')).catch((error) => {
      // An upload that a newer generation overtook is refused; the newer one asks again.
      if (generation === this.#generation) this.#fail(error, false);
    });
  }

  /** The session ended: stops at the phase boundary, and keeps the state for the next one. Never trains on alone. */
  async suspend(why: string): Promise<void> {
    await this.#quiet(why);
    this.#activity = 'holding';
  }

  /** Forgets everything. */
  async leave(why: string): Promise<void> {
    await this.#quiet(why);
    this.#ports().trace.leaves();
    await this.#memory.forget(this.#ports().compute);
  }

  /** The state for a member that is behind; undefined where this one is not of that phase, or works on it. */
  async stateFor(phase: number): Promise<{ state: Uint8Array; sha256: string } | undefined> {
    return this.#memory.wholePhase === phase ? this.#memory.save(this.#ports().compute) : undefined;
  }

  async #work(assignment: Assignment, begun: Promise<void>, signal: AbortSignal): Promise<void> {
    const { vectors } = this.#memory;
    vectors.rewind();
    try {
      const config = JSON.parse(assignment.configJson) as RunConfig;
      await this.#ports().placed(assignment.peers, assignment.rank);
      const [collective] = await Promise.all([
        openCollective(assignment, config, this.#ports(), this.#head(), signal, (bytes) => vectors.bytes(bytes)),
        this.#load(assignment, config, signal),
      ]);
      const { trace } = this.#ports();
      this.#collective = tracedCollective(collective, trace);
      if (signal.aborted) return;
      failpoint('worker.beforeReady');
      this.#ports().send({ type: 'ready', ...this.#at(assignment.phase) });
      this.#activity = 'ready';
      await trace.time('membership', 'ready, waits for the others', Promise.race([begun, aborted(signal)]));
      if (signal.aborted) return;
      this.#ended(await this.#train(assignment, config, signal));
      await this.#upload;
    } catch (error) {
      if (!signal.aborted) this.#broke(error, assignment);
    } finally {
      this.#isTraining = false;
      this.#minibatches?.close();
      this.#minibatches = undefined;
      this.#ports().trace.ends();
      if (this.#stopAsked && !this.#isBroken && !signal.aborted) this.#tellHeld();
    }
  }

  #train(assignment: Assignment, config: RunConfig, signal: AbortSignal): Promise<Ending> {
    const { shards } = must(assignment.members[assignment.rank], 'member');
    const { compute, link, trace } = this.#ports();
    const timer = new PhaseTimer(trace);
    const head = this.#head();
    const minibatches = new Minibatches((on) =>
      shards.length > 0 ? link.streamMinibatches(head, assignment.phase, on) : NO_MINIBATCHES,
    );
    this.#minibatches = minibatches;
    const exchange = new GradientExchange({
      config,
      sampleSize: assignment.sampleSize,
      shards,
      collective: must(this.#collective, 'collective'),
      state: this.#memory.compression,
    });
    return train(
      { config, assignment, shards, allocate: (count) => this.#memory.vectors.floats(count) },
      {
        compute,
        exchange,
        minibatches,
        timer,
        doing: (activity) => {
          this.#activity = activity;
        },
        stopAsked: () => this.#stopAsked,
        begins: ({ phase, updates }) => trace.begins(phase, `phase ${phase}: ${updates.join(' and ')}`),
        committed: (applied) => {
          this.#memory.committed(applied);
          trace.committed();
        },
        report: (phase, statistics, weightsSha256) => {
          const compileFallbacks = compute.takeFallbacks();
          const counts = { ...timer.take(), compileFallbacks };
          this.#ports().send({ type: 'phaseReport', ...this.#at(phase), ...counts, statistics, weightsSha256 });
        },
        nonFinite: (phase, tensor, own, skipped) => {
          this.#ports().send({ type: 'nonFinite', ...this.#at(phase), tensor, shards: [...own], skipped });
        },
        snapshot: (applied) => this.#snapshot(config, applied),
        checkpoint: (applied) => this.#checkpoint(applied, assignment.totalPhases),
      },
      signal,
    );
  }

  #ended(ending: Ending): void {
    this.#activity = ending === 'finished' ? 'finished' : 'holding';
    if (ending === 'stopped') this.#stopAsked = true;
  }

  /** The replica gets the state that the assignment starts from: the one it holds, or another's. */
  async #load(assignment: Assignment, config: RunConfig, signal: AbortSignal): Promise<void> {
    const { sampleSize, phase, keepState } = assignment;
    const { compute, trace } = this.#ports();
    if (keepState && this.#memory.has(config, phase)) return;
    this.#activity = 'loading the state';
    await this.#memory.prepare(config, sampleSize, compute);
    const fetched = getState(assignment, this.#head(), this.#ports(), signal);
    const state = await trace.time('membership', `fetches the state of phase ${phase}`, fetched);
    await this.#memory.load(state, phase, compute);
  }

  async #snapshot(config: RunConfig, applied: number): Promise<void> {
    const { rows, columns } = config.snapshots;
    const { compute, send } = this.#ports();
    const pixels = await compute.call('sample', { count: rows * columns });
    send({ type: 'snapshot', ...this.#at(applied), pixels });
  }

  /** Training goes on while the state is uploaded, but never past the next checkpoint: one upload at a time. */
  async #checkpoint(applied: number, totalPhases: number): Promise<void> {
    await this.#upload;
    const upload = this.#uploadState(applied);
    // One that does not arrive is made up for by the next checkpoint: it must not end the training of this one.
    this.#upload = upload.catch(() => undefined);
    if (applied === totalPhases) await upload;
  }

  async #uploadState(applied: number): Promise<void> {
    const head = this.#head();
    const { compute, link, trace } = this.#ports();
    const { state, sha256 } = await this.#memory.save(compute);
    // While it was read, a newer generation may have loaded another state.
    if (head.generation !== this.#generation) throw stale();
    failpoint('worker.beforeUpload');
    const upload = link.uploadState(head, applied, state, sha256);
    await trace.time('checkpoints', `upload the state of phase ${applied}`, upload);
  }

  /** What ended the work, other than the coordinator's word. */
  #broke(error: unknown, { road, sourceRank }: Assignment): void {
    const code = error instanceof GanglionError ? error.code : undefined;
    const blocked = (transient: boolean) => {
      const message = describeError(error);
      this.#ports().send({ type: 'roadBlocked', ...this.#here(), peerId: 'another worker', message, transient });
    };
    // A checkpoint that arrives damaged says nothing about the road to the others.
    if (code === 'corrupt' && this.#memory.applied === undefined && sourceRank === undefined)
      return this.#fail(error, false);
    if (code === 'corrupt' || code === 'refused') {
      this.#isBroken = true;
      this.#activity = 'waiting for the next generation';
      return blocked(true);
    }
    if (code !== 'aborted' && code !== 'unreachable') return this.#fail(error, true);
    this.#isBroken = true;
    this.#activity = 'waiting for the next generation';
    // The coordinator cuts the streams of a generation before its Halt arrives; without one, the road itself is broken.
    this.#callOff = this.#ports().after(this.#ports().haltMs, () => {
      if (road === 'star') this.#fail(error, false);
      else blocked(false);
    });
  }

  #tellHeld(): void {
    if (this.#isHeldTold) return;
    this.#isHeldTold = true;
    failpoint('worker.beforeHeld');
    this.#activity = 'holding';
    const phase = this.#memory.wholePhase;
    this.#ports().send({ type: 'held', ...this.#at(phase ?? 0), hasState: phase !== undefined });
  }

  /** Ends what goes on, and waits for the phase boundary. */
  async #quiet(why: string): Promise<void> {
    this.interrupt(why);
    await this.#training;
  }

  /** Ends what goes on, at once where it waits for others, else at the phase boundary. */
  interrupt(why: string): void {
    this.#callOff();
    const ended = new GanglionError({ code: 'aborted', message: why, remedy: 'The next generation goes on.' });
    this.#stop.abort(ended);
    this.#collective?.abort(ended);
    this.#collective = undefined;
    this.#minibatches?.close();
  }

  #fail(error: unknown, fatal: boolean): void {
    const lost = error instanceof GanglionError && (error.code === 'unreachable' || error.code === 'aborted');
    this.#activity = 'failed';
    this.#ports().send({
      type: 'failure',
      ...this.#here(),
      message: error instanceof GanglionError ? error.message : describeError(error),
      remedy: error instanceof GanglionError ? error.remedy : 'See the worker’s log.',
      // A broken road is this worker's own; anything else would meet the next worker too.
      fatal: fatal && !lost,
    });
  }

  #here(): { runId: string; generation: number; phase: number } {
    return this.#at(this.#memory.applied ?? 0);
  }

  #at(phase: number): { runId: string; generation: number; phase: number } {
    return { runId: this.runId, generation: this.#generation, phase };
  }

  #head(): TransferHead {
    return { runId: this.runId, generation: this.#generation, workerId: this.#ports().workerId };
  }
}

function stale(): GanglionError {
  const message = 'The state is not uploaded: a newer generation began.';
  return new GanglionError({ code: 'aborted', message, remedy: 'The newer generation stores its own.' });
}

/** A hot spare computes no gradient, and needs no data. */
const NO_MINIBATCHES = { credit: () => undefined, cancel: () => undefined };

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
