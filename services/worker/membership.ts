/**
 * One worker's membership in one run, over its generations: loads a state, trains, stops at a phase boundary when told,
 * keeps the state in memory, and goes on in the next generation.
 */
import { createHash } from 'node:crypto';
import { type Collective, SoloCollective, StarCollective } from '../collective/collective.ts';
import type { RunConfig } from '../config/runConfig.ts';
import type { Assignment, TransferHead, WorkerMessage } from '../control/messages.ts';
import { describeError, GanglionError } from '../errors/ganglionError.ts';
import { must } from '../errors/invariant.ts';
import type { CoordinatorLink } from '../wire/coordinatorLink.ts';
import type { ComputeThread } from './compute/computeThread.ts';
import { Minibatches } from './minibatches.ts';
import { PhaseTimer } from './phaseTimer.ts';
import { train } from './trainer.ts';

/** Halt follows the end of the streams on the same connection: five heartbeats are more than enough. */
const HALT_EXPECTED_MS = 5_000;

export interface MembershipPorts {
  readonly workerId: string;
  readonly link: CoordinatorLink;
  readonly compute: ComputeThread;
  send(message: WorkerMessage): void;
}

export class Membership {
  readonly runId: string;
  readonly #ports: MembershipPorts;
  #generation = 0;
  #activity = 'idle';
  /** Phases applied in the state on the device; undefined while there is none. */
  #applied: number | undefined;
  #configured = false;
  #stop = new AbortController();
  #collective: Collective | undefined;
  #minibatches: Minibatches | undefined;
  #training: Promise<void> = Promise.resolve();
  #upload: Promise<void> = Promise.resolve();
  #haltTimer: NodeJS.Timeout | undefined;

  constructor(runId: string, ports: MembershipPorts) {
    this.runId = runId;
    this.#ports = ports;
  }

  /** For heartbeats. */
  get position(): { runId: string; generation: number; phase: number; activity: string } {
    return { ...this.#at(this.#applied ?? 0), activity: this.#activity };
  }

  /** Joins a generation. Never rejects: what goes wrong is reported to the coordinator. */
  async join(assignment: Assignment): Promise<void> {
    await this.#quiet('A new assignment came.');
    this.#generation = assignment.generation;
    this.#stop = new AbortController();
    this.#training = this.#train(assignment, this.#stop.signal);
    await this.#training;
  }

  /** Stops at the phase boundary and says what is held. */
  async halt(generation: number, why: string): Promise<void> {
    await this.#quiet(why);
    this.#generation = generation;
    this.#activity = 'holding';
    this.#ports.send({ type: 'held', ...this.#at(this.#applied ?? 0), hasState: this.#applied !== undefined });
  }

  /** Uploads the held state for a checkpoint. */
  async collect(): Promise<void> {
    const generation = this.#generation;
    try {
      await this.#uploadState(must(this.#applied, 'held state'));
    } catch (error) {
      // An upload that a newer generation overtook is refused; the newer one asks again.
      if (generation === this.#generation) this.#fail(error, false);
    }
  }

  /** Forgets everything. */
  async leave(why: string): Promise<void> {
    await this.#quiet(why);
    if (this.#configured) await this.#ports.compute.call('forget', {});
    this.#configured = false;
    this.#applied = undefined;
  }

  async #train(assignment: Assignment, signal: AbortSignal): Promise<void> {
    try {
      const config = JSON.parse(assignment.configJson) as RunConfig;
      await this.#load(assignment, config, signal);
      const me = must(assignment.members[assignment.rank], 'member');
      const head = this.#head();
      this.#collective = this.#openCollective(assignment, head);
      this.#minibatches = new Minibatches((on) => this.#ports.link.streamMinibatches(head, assignment.phase, on));
      this.#ports.send({ type: 'ready', ...this.#at(assignment.phase) });
      const timer = new PhaseTimer();
      await train(
        { config, assignment, shards: me.shards },
        {
          compute: this.#ports.compute,
          collective: this.#collective,
          minibatches: this.#minibatches,
          timer,
          doing: (activity) => {
            this.#activity = activity;
          },
          committed: (applied) => {
            this.#applied = applied;
          },
          report: (phase, statistics, weightsSha256) => {
            this.#ports.send({ type: 'phaseReport', ...this.#at(phase), ...timer.take(), statistics, weightsSha256 });
          },
          snapshot: (applied) => this.#snapshot(config, applied),
          checkpoint: (applied) => this.#checkpoint(applied, assignment.totalPhases),
        },
        signal,
      );
      this.#activity = 'finished';
      await this.#upload;
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof GanglionError && error.code === 'aborted') this.#expectHalt(error);
      else this.#fail(error, true);
    } finally {
      this.#minibatches?.close();
    }
  }

  /** The replica gets the state that the assignment starts from: the one it holds, or a download. */
  async #load(assignment: Assignment, config: RunConfig, signal: AbortSignal): Promise<void> {
    const { compute, link } = this.#ports;
    if (assignment.keepState && this.#applied === assignment.phase) return;
    this.#activity = 'loading the state';
    this.#applied = undefined;
    if (!this.#configured) {
      await compute.call('configure', { config, sampleSize: assignment.sampleBytes });
      this.#configured = true;
    }
    const pieces: Uint8Array[] = [];
    let expected = '';
    for await (const { data, sha256 } of link.downloadState(this.#head(), assignment.phase, signal)) {
      pieces.push(data);
      expected = sha256 || expected;
    }
    const bytes = new Uint8Array(Buffer.concat(pieces));
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== expected) throw corruptState(assignment.phase, expected, found);
    await compute.call('load', { state: new Float32Array(bytes.buffer) });
    this.#applied = assignment.phase;
  }

  #openCollective(assignment: Assignment, head: TransferHead): Collective {
    if (assignment.members.length === 1) return new SoloCollective();
    return new StarCollective((on) => this.#ports.link.openReduce(head, on));
  }

  async #snapshot(config: RunConfig, applied: number): Promise<void> {
    const { rows, columns } = config.snapshots;
    const pixels = await this.#ports.compute.call('sample', { count: rows * columns });
    this.#ports.send({ type: 'snapshot', ...this.#at(applied), pixels });
  }

  /** Training goes on while the state is uploaded, but never past the next checkpoint: one upload at a time. */
  async #checkpoint(applied: number, totalPhases: number): Promise<void> {
    await this.#upload;
    this.#upload = this.#uploadState(applied);
    if (applied === totalPhases) await this.#upload;
    else this.#upload.catch(() => undefined);
  }

  async #uploadState(applied: number): Promise<void> {
    const head = this.#head();
    const { state, sha256 } = await this.#ports.compute.call('save', {});
    await this.#ports.link.uploadState(head, applied, new Uint8Array(state.buffer), sha256);
  }

  /** The coordinator cuts the streams of a generation before its Halt arrives; without one, the road is broken. */
  #expectHalt(error: GanglionError): void {
    this.#activity = 'waiting for the next generation';
    this.#haltTimer = setTimeout(() => this.#fail(error, false), HALT_EXPECTED_MS);
  }

  /** Ends what goes on, and waits for the phase boundary. */
  async #quiet(why: string): Promise<void> {
    clearTimeout(this.#haltTimer);
    const ended = new GanglionError({ code: 'aborted', message: why, remedy: 'The next generation goes on.' });
    this.#stop.abort(ended);
    this.#collective?.abort(ended);
    this.#minibatches?.close();
    await this.#training;
  }

  #fail(error: unknown, fatal: boolean): void {
    const lost = error instanceof GanglionError && (error.code === 'unreachable' || error.code === 'aborted');
    this.#activity = 'failed';
    this.#ports.send({
      type: 'failure',
      ...this.#at(this.#applied ?? 0),
      message: error instanceof GanglionError ? error.message : describeError(error),
      remedy: error instanceof GanglionError ? error.remedy : 'See the worker’s log.',
      // A broken road is this worker's own; anything else would meet the next worker too.
      fatal: fatal && !lost,
    });
  }

  #at(phase: number): { runId: string; generation: number; phase: number } {
    return { runId: this.runId, generation: this.#generation, phase };
  }

  #head(): TransferHead {
    return { runId: this.runId, generation: this.#generation, workerId: this.#ports.workerId };
  }
}

function corruptState(phase: number, expected: string, found: string): GanglionError {
  return new GanglionError({
    code: 'corrupt',
    message: `The state of phase ${phase} arrived with SHA-256 ${found.slice(0, 12)}…, not ${expected.slice(0, 12)}….`,
    remedy: 'Verify the checkpoint with `ganglion checkpoints verify`, then resume from an older one.',
  });
}
