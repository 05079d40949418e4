/**
 * How a run's generation is formed and dissolved: gang start, halt, collect, re-form. See the drawing at `Stage`.
 * One mechanism serves the start, a lost worker, pause and cancel.
 */
import type { CoordinatorMessage } from '../../control/messages.ts';
import { must } from '../../errors/invariant.ts';
import { dealShards } from '../../plan/shards.ts';
import type { Draft } from './draft.ts';
import { newestCheckpoint, type RunRecord } from './state.ts';

/** Deals the shards to these workers, by rank, and tells each where to start from. */
export function form(draft: Draft, run: RunRecord, workerIds: readonly string[], why: string): void {
  const shards = dealShards(run.config.shards, workerIds.length);
  const start = newestCheckpoint(run).phase;
  const holders = new Set([...run.answers].filter(([, phase]) => phase === start).map(([id]) => id));
  run.generation += 1;
  run.stage = 'loading';
  run.intent = 'train';
  run.phase = start;
  run.members = workerIds.map((workerId, rank) => ({ workerId, rank, shards: must(shards[rank], 'shards') }));
  run.answers = new Map();
  run.reports = new Map();
  run.finished = new Map();
  run.lastReport = { timeMs: draft.nowMs, phase: start };
  for (const workerId of workerIds) {
    const worker = must(draft.worker(workerId), `worker ${workerId}`);
    worker.runId = run.runId;
    worker.phase = start;
    worker.activity = 'loading the state';
  }
  draft.enter(run, 'starting', why);
  draft.emit({ type: 'openCollective', runId: run.runId, generation: run.generation, members: run.members });
  publishMembership(draft, run, why);
  const configJson = JSON.stringify(run.config);
  for (const member of run.members) {
    send(draft, member.workerId, {
      type: 'assignment',
      runId: run.runId,
      generation: run.generation,
      configJson,
      datasetSize: run.datasetSize,
      sampleBytes: run.sampleBytes,
      phase: start,
      keepState: holders.has(member.workerId),
      totalPhases: run.totalPhases,
      rank: member.rank,
      members: run.members,
    });
  }
}

/** Begins a new generation in which nobody trains: the members stop at a phase boundary and say what they hold. */
export function halt(draft: Draft, run: RunRecord, survivors: readonly string[], why: string): void {
  run.generation += 1;
  run.stage = 'halting';
  run.members = survivors.map((workerId, rank) => ({ workerId, rank, shards: [] }));
  run.answers = new Map();
  run.reports = new Map();
  draft.persist(run.runId);
  draft.emit({ type: 'closeCollective', runId: run.runId });
  publishMembership(draft, run, why);
  for (const workerId of survivors) {
    send(draft, workerId, { type: 'halt', runId: run.runId, generation: run.generation, why });
  }
  settleIfAllAnswered(draft, run);
}

/** A member says what it holds. */
export function answered(draft: Draft, run: RunRecord, workerId: string, phase: number | undefined): void {
  run.answers = new Map(run.answers).set(workerId, phase);
  settleIfAllAnswered(draft, run);
}

function settleIfAllAnswered(draft: Draft, run: RunRecord): void {
  if (run.answers.size < run.members.length) return;
  const ahead = furthestAhead(run);
  if (!ahead || ahead.phase <= newestCheckpoint(run).phase) return settle(draft, run);
  run.stage = 'collecting';
  run.phase = ahead.phase;
  send(draft, ahead.workerId, { type: 'collectState', runId: run.runId, generation: run.generation });
}

/** The newest state is durable (or nobody holds a newer one): what the halt was for happens now. */
export function settle(draft: Draft, run: RunRecord): void {
  const { phase, weightsSha256 } = newestCheckpoint(run);
  run.phase = phase;
  if (phase === run.totalPhases) {
    return release(draft, run, 'completed', `All ${phase} phases are committed.`, weightsSha256);
  }
  switch (run.intent) {
    case 'pause':
      return release(draft, run, 'paused', `Paused at phase ${phase}; the checkpoint of it is on disk.`, weightsSha256);
    case 'cancel':
      return release(
        draft,
        run,
        'cancelled',
        `Cancelled at phase ${phase}; the checkpoint of it is kept.`,
        weightsSha256,
      );
    case 'train':
      run.stage = 'holding';
  }
}

/** Ends the run's hold on its workers and moves it to a resting state. */
export function release(
  draft: Draft,
  run: RunRecord,
  state: 'paused' | 'completed' | 'cancelled' | 'failed',
  why: string,
  weightsSha256 = '',
): void {
  const members = run.members;
  run.stage = 'idle';
  run.intent = 'train';
  run.members = [];
  run.answers = new Map();
  run.reports = new Map();
  draft.emit({ type: 'closeCollective', runId: run.runId });
  draft.enter(run, state, why, weightsSha256);
  for (const { workerId } of members) {
    const worker = draft.worker(workerId);
    if (!worker) continue;
    worker.runId = undefined;
    worker.activity = 'idle';
    send(draft, workerId, { type: 'release', runId: run.runId, why });
  }
}

function furthestAhead(run: RunRecord): { workerId: string; phase: number } | undefined {
  let best: { workerId: string; phase: number } | undefined;
  for (const [workerId, phase] of run.answers) {
    if (phase !== undefined && (!best || phase > best.phase)) best = { workerId, phase };
  }
  return best;
}

function publishMembership(draft: Draft, run: RunRecord, why: string): void {
  const { runId, generation, phase, members } = run;
  const event = { kind: 'membership' as const, runId, generation, phase, members: [...members], why };
  draft.emit({ type: 'publish', exchangedBytes: 0, event });
}

function send(draft: Draft, workerId: string, message: CoordinatorMessage): void {
  draft.emit({ type: 'send', workerId, message });
}
