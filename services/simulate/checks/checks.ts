/**
 * What must hold, whatever happens: checked where it happens, so that a failure is told at its cause and not at the end.
 */
import type { RunConfig } from '../../config/runConfig.ts';
import type { CoordinatorMessage, WorkerMessage } from '../../control/messages.ts';
import type { SimulatedProcess } from '../process.ts';
import type { Scenario } from '../scenario.ts';
import type { Timeline } from '../timeline.ts';
import { RunCheck } from './runCheck.ts';

export type { ReplicaCheck, RunCheck } from './runCheck.ts';

/** Found wrong in the code under simulation. */
export class Violation extends Error {}

/** A control stream that nobody reads for 20 s gets a heartbeat each 60 ms at most, and what a phase has to say. */
const QUEUED_MAX = 1_000;

export class Checks {
  readonly #failureDetectionMs: number;
  readonly #timeline: Timeline;
  readonly #byName = new Map<string, RunCheck>();
  #violation: Violation | undefined;

  static async of(scenario: Scenario, timeline: Timeline): Promise<Checks> {
    const checks = new Checks(scenario, timeline);
    for (const run of scenario.runs) {
      checks.#byName.set(run.config.name, await RunCheck.of(run, (what) => checks.fail(what)));
    }
    return checks;
  }

  private constructor({ failureDetectionMs }: Scenario, timeline: Timeline) {
    this.#failureDetectionMs = failureDetectionMs;
    this.#timeline = timeline;
  }

  get runs(): readonly RunCheck[] {
    return [...this.#byName.values()];
  }

  /** The first that was found; what follows from it is not interesting. */
  get violation(): Violation | undefined {
    return this.#violation;
  }

  fail(what: string): void {
    this.#violation ??= new Violation(what);
  }

  runOf({ name }: Pick<RunConfig, 'name'>): RunCheck {
    const run = this.#byName.get(name);
    if (!run) throw new Violation(`nobody launched a run '${name}'`);
    return run;
  }

  /** The run with this id, whose name the id begins with. */
  runWithId(runId: string): RunCheck {
    return this.runOf({ name: runId.replace(/-\d+$/, '') });
  }

  /** So many messages are on one way of a connection, or wait there to be read. */
  queued(label: string, count: number): void {
    if (count > QUEUED_MAX) this.fail(`${count} messages wait on ${label}`);
  }

  told(from: string, message: CoordinatorMessage): void {
    if (message.type === 'assignment') this.runWithId(message.runId).assigned(from, message);
  }

  /** A coordinator ends the session of a worker that it did not hear. While it slept itself it could hear nobody. */
  takenForLost({ name, slept }: SimulatedProcess, worker: string): void {
    if (slept === undefined || slept.ms <= this.#failureDetectionMs / 2) return;
    const awakeMs = this.#timeline.nowMs - slept.untilMs;
    if (awakeMs >= this.#failureDetectionMs) return;
    this.fail(`${name} takes ${worker} for lost ${awakeMs.toFixed(0)} ms after it slept for ${slept.ms.toFixed(0)} ms`);
  }

  said(from: string, message: WorkerMessage): void {
    if (message.type === 'phaseReport') this.runWithId(message.runId).reported(from, message);
    // The coordinator's disk is not the worker's fault, and the coordinator knows of it already.
    const isDisk = message.type === 'failure' && /^The disk /.test(message.message);
    if (message.type === 'failure' && message.fatal && !isDisk)
      this.fail(`${from} failed for good: ${message.message}`);
  }
}
