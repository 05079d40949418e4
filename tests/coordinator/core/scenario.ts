/**
 * The core as a story: `new Scenario().launch('r', { workers: 2 }).join('a', 'b').ready('a', 'b')`. Workers say their
 * things with the run and generation that they are in; `effects` are those of the last event.
 *
 * Every state that goes into `step` is frozen, so any test of this folder fails where the core writes to its input.
 */
import { configSha256 } from '../../../services/config/configHash.ts';
import type { CoordinatorMessage, HeldState, RunMessage, RunPosition } from '../../../services/control/messages.ts';
import type { Effect } from '../../../services/coordinator/core/effect.ts';
import type { CoordinatorEvent } from '../../../services/coordinator/core/event.ts';
import {
  type CoordinatorState,
  EMPTY_STATE,
  type RunRecord,
  type WorkerRecord,
} from '../../../services/coordinator/core/state.ts';
import { step } from '../../../services/coordinator/core/step.ts';
import {
  fromJournal,
  type JournalRecord,
  journalRecordSchema,
  toJournal,
} from '../../../services/coordinator/journalRecord.ts';
import { must } from '../../../services/errors/invariant.ts';
import type { Device } from '../../../services/report/runView.ts';
import { lineOf } from './effectLine.ts';
import { frozen } from './frozen.ts';
import { DEVICE, type RunOptions, runConfig } from './runs.ts';

export const DETECTION_MS = 5_000;
const KEEP = 3;

export class Scenario {
  /** Of the last event. */
  effects: readonly Effect[] = [];
  state: CoordinatorState = EMPTY_STATE;
  nowMs = 1_000_000;
  /** What is durable, as it would be read again. */
  readonly journal = new Map<string, string>();

  on(event: CoordinatorEvent): this {
    const context = { nowMs: this.nowMs, failureDetectionMs: DETECTION_MS, secret: 'secret' };
    const { state, effects } = step(frozen(this.state), frozen(event), context);
    this.state = state;
    this.effects = effects;
    for (const effect of effects) {
      if (effect.type === 'persist') this.journal.set(effect.runId, JSON.stringify(toJournal(this.run(effect.runId))));
    }
    return this;
  }

  /** The coordinator dies, and another one reads its journal. Every session is gone. */
  restart(): this {
    const at = { nowMs: this.nowMs, returnMs: DETECTION_MS };
    const records: JournalRecord[] = [...this.journal.values()].map((text) =>
      journalRecordSchema.parse(JSON.parse(text)),
    );
    const runs = records.map((record) => [record.runId, fromJournal(record, record.checkpoints, at)] as const);
    this.state = { ...EMPTY_STATE, runs: new Map(runs) };
    this.effects = [];
    return this;
  }

  // ── people ──────────────────────────────────────────────────────────────────────────────────────────────

  launch(runId: string, options: RunOptions = {}): this {
    const config = runConfig(options);
    const place = { datasetSize: 60, sampleSize: 4, dataSha256: 'data', folder: `/runs/${runId}` };
    const identity = { runId, config, configSha256: configSha256(config), ...place };
    const checkpoints = [{ phase: 0, weightsSha256: 'hash-0' }];
    this.nowMs += 1;
    const rest = { totalPhases: options.phases ?? 100, createdAtMs: this.nowMs, checkpoints };
    return this.on({ type: 'runCreated', run: { ...identity, ...rest } });
  }

  pause(runId = 'r'): this {
    return this.on({ type: 'pauseRequested', runId });
  }

  resume(runId = 'r', fromPhase?: number): this {
    return this.on({ type: 'resumeRequested', runId, fromPhase });
  }

  cancel(runId = 'r'): this {
    return this.on({ type: 'cancelRequested', runId });
  }

  // ── workers ─────────────────────────────────────────────────────────────────────────────────────────────

  join(...workerIds: string[]): this {
    for (const workerId of workerIds) this.joinAs(workerId, {});
    return this;
  }

  joinAs(workerId: string, device: Partial<Device>, held?: HeldState): this {
    this.nowMs += 1;
    const place = { hostname: 'box', pid: 7, peer: { tcp: `${workerId}:1`, unix: '', machine: 'box' } };
    const hello = { protocolVersion: 1, workerId, ...place, device: { ...DEVICE, ...device } };
    return this.on({ type: 'workerJoined', hello: { ...hello, held, evaluates: true } });
  }

  /** In a new session, with the state of this phase still in its memory. */
  comeBack(workerId: string, phase: number, runId = 'r'): this {
    return this.joinAs(workerId, {}, { runId, phase, configSha256: this.run(runId).configSha256 });
  }

  leave(workerId: string): this {
    return this.on({ type: 'workerLeft', workerId, why: `Worker ${workerId} was lost: its connection ended.` });
  }

  drain(workerId: string): this {
    return this.say(workerId, { type: 'draining', why: 'SIGTERM.' });
  }

  /** The members loaded the state that they were told to start from. */
  ready(...workerIds: string[]): this {
    for (const id of workerIds) this.say(id, { type: 'ready', ...this.at(id, this.runOf(id)?.phase ?? 0) });
    return this;
  }

  /** It stopped, and holds the state of this phase; undefined: it holds none. */
  held(workerId: string, phase: number | undefined): this {
    return this.say(workerId, { type: 'held', ...this.at(workerId, phase ?? 0), hasState: phase !== undefined });
  }

  beat(workerId: string, phase = 0, activity = 'compute'): this {
    return this.say(workerId, { type: 'heartbeat', ...this.at(workerId, phase), activity });
  }

  /** It applied `phase`, counted from 0. */
  report(workerId: string, phase: number, weightsSha256 = ''): this {
    return this.say(workerId, phaseReport(this.at(workerId, phase), weightsSha256));
  }

  /** `phase` gave it a gradient that is not finite, from these of its own shards. */
  notFinite(workerId: string, phase: number, shards: readonly number[] = [], skipped = false): this {
    const found = { tensor: 'generator.0.weight', shards, skipped };
    return this.say(workerId, { type: 'nonFinite', ...this.at(workerId, phase), ...found });
  }

  blocked(workerId: string, peerId: string, transient = false): this {
    const found = { peerId, message: 'Nobody answers.', transient };
    return this.say(workerId, { type: 'roadBlocked', ...this.at(workerId, 0), ...found });
  }

  fail(workerId: string, phase: number, fatal: boolean): this {
    const sentences = { message: 'Out of memory.', remedy: 'Use a smaller batch.' };
    return this.say(workerId, { type: 'failure', ...this.at(workerId, phase), ...sentences, fatal });
  }

  say(workerId: string, message: RunMessage): this {
    return this.on({ type: 'workerSaid', workerId, message });
  }

  // ── disk and clock ──────────────────────────────────────────────────────────────────────────────────────

  /** By a member of this generation; of the one of the moment where none is given. */
  stored(phase: number, runId = 'r', generation = this.run(runId).generation): this {
    const phases = this.run(runId).checkpoints.map((checkpoint) => checkpoint.phase);
    const kept = [...new Set([...phases, phase])].sort((a, b) => a - b).slice(-KEEP);
    return this.on({
      type: 'checkpointStored',
      runId,
      generation,
      checkpoint: { phase, weightsSha256: `hash-${phase}` },
      kept,
    });
  }

  storageFails(why: string, runId = 'r'): this {
    return this.on({ type: 'storageFailed', runId, why });
  }

  tickAfter(ms: number): this {
    this.nowMs += ms;
    return this.on({ type: 'tick' });
  }

  // ── what came of it ─────────────────────────────────────────────────────────────────────────────────────

  run(runId = 'r'): Readonly<RunRecord> {
    return must(this.state.runs.get(runId), `run ${runId}`);
  }

  worker(workerId: string): Readonly<WorkerRecord> {
    return must(this.state.workers.get(workerId), `worker ${workerId}`);
  }

  runOf(workerId: string): Readonly<RunRecord> | undefined {
    return this.state.runs.get(this.state.workers.get(workerId)?.runId ?? '');
  }

  /** Where a worker's messages come from now. */
  at(workerId: string, phase: number): RunPosition {
    const run = this.runOf(workerId);
    return { runId: run?.runId ?? '', generation: run?.generation ?? 0, phase };
  }

  memberIds(runId = 'r'): string[] {
    return this.run(runId).members.map(({ workerId }) => workerId);
  }

  /** What the last event sent to a worker. */
  sentTo(workerId: string): CoordinatorMessage[] {
    return this.effects.flatMap((e) => (e.type === 'send' && e.workerId === workerId ? [e.message] : []));
  }

  /** The last event's effects, one short line each. */
  get lines(): string[] {
    return this.effects.map(lineOf);
  }
}

/** A run 'r' that trains on these workers. */
export function training(workerIds: readonly string[], options: RunOptions = {}): Scenario {
  return new Scenario()
    .join(...workerIds)
    .launch('r', { workers: workerIds.length, ...options })
    .ready(...workerIds);
}

export function phaseReport(at: RunPosition, weightsSha256 = ''): RunMessage & { type: 'phaseReport' } {
  return {
    type: 'phaseReport',
    ...at,
    statistics: { discriminatorLoss: 0.7, value: -1.4, dReal: 0.6, dFake: 0.4 },
    timings: { computeMs: 20, exchangeMs: 4, waitMs: 2, applyMs: 6 },
    exchangedBytes: 1_000,
    savedBytes: 0,
    compileFallbacks: 0,
    weightsSha256,
    phaseCount: 2,
  };
}
