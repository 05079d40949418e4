/**
 * How a run's generation is formed and dissolved. See the drawing at `Stage`. One mechanism serves the start, a worker
 * that joins, drains or is lost, pause, cancel, and a replica that went wrong.
 */
import { createHmac } from 'node:crypto';
import { OrderedMap, Set as PersistentSet } from 'immutable';
import type { CoordinatorMessage, Road } from '../../control/messages.ts';
import { must } from '../../errors/invariant.ts';
import { dealShards } from '../../plan/shards.ts';
import type { Draft } from './draft.ts';
import { AT_REST, newestCheckpoint, type RunRecord, type WorkerRecord } from './state.ts';

/** Deals the shards to these workers, by rank, and tells each where to start from. */
export function form(draft: Draft, run: RunRecord, gang: readonly WorkerRecord[], road: Road, why: string): void {
  const start = startPhase(run, gang);
  const holders = gang.flatMap((worker, rank) => (holds(worker, run) === start ? [rank] : []));
  const shards = dealShards(run.config.shards, speedsOf(gang));
  const isDurable = start === newestCheckpoint(run).phase;
  run.generation += 1;
  run.stage = 'loading';
  run.intent = 'train';
  run.phase = start;
  run.progressAtMs = draft.nowMs;
  run.generationAtMs = draft.nowMs;
  run.generationPhase = start;
  run.road = road;
  run.deviceClass ||= classOf(must(gang[0], 'a worker'));
  run.members = gang.map(({ workerId }, rank) => ({ workerId, rank, shards: must(shards[rank], 'shards') }));
  run.answered = PersistentSet();
  // They get a state that counts; whoever is away with a wrong one may come back with it.
  run.distrusted = new Set([...run.distrusted].filter((id) => !gang.some(({ workerId }) => workerId === id)));
  run.agreedPhase = Math.min(run.agreedPhase, start);
  run.returning = [];
  run.reports = OrderedMap();
  run.nonFinite = OrderedMap();
  run.finished = new Map();
  run.lastReport = { timeMs: draft.nowMs, phase: start };
  for (const worker of gang) {
    worker.runId = run.runId;
    worker.phase = start;
    worker.activity = 'loading the state';
    worker.movedAtMs = draft.nowMs;
    worker.held = undefined;
  }
  draft.enter(run, 'starting', why);
  draft.emit({ type: 'openCollective', runId: run.runId, generation: run.generation, members: run.members });
  publishMembership(draft, run, why);
  const shared = {
    type: 'assignment',
    runId: run.runId,
    generation: run.generation,
    configJson: JSON.stringify(run.config),
    datasetSize: run.datasetSize,
    sampleSize: run.sampleSize,
    phase: start,
    totalPhases: run.totalPhases,
    members: run.members,
    peers: gang.map(({ peer }) => peer),
    road,
    meshKey: createHmac('sha256', draft.secret).update(`${run.runId} ${run.generation}`).digest('hex'),
  } as const;
  for (const { workerId, rank } of run.members) {
    const keepState = holders.includes(rank);
    // Those who need the state are spread over those who have it.
    const sourceRank = isDurable || keepState ? undefined : holders[rank % holders.length];
    send(draft, workerId, { ...shared, rank, keepState, sourceRank });
  }
}

/** The phase that these workers can start from: the furthest that one of them holds, or the newest checkpoint's. */
export function startPhase(run: RunRecord, gang: readonly WorkerRecord[]): number {
  return Math.max(newestCheckpoint(run).phase, ...gang.map((worker) => holds(worker, run) ?? 0));
}

/** Phases applied in the run's state that a worker holds; undefined where it holds none that counts. */
export function holds(worker: WorkerRecord, run: RunRecord): number | undefined {
  return worker.held?.runId === run.runId && !run.distrusted.has(worker.workerId) ? worker.held.phase : undefined;
}

/** Asks every member to finish one more phase, the same one; the generation stays until all have. */
export function stop(draft: Draft, run: RunRecord, reason: string): void {
  run.stage = 'stopping';
  run.reason = reason;
  run.answered = PersistentSet();
  const { runId, generation } = run;
  for (const { workerId } of run.members) {
    send(draft, workerId, { type: 'halt', runId, generation, why: reason, graceful: true });
  }
}

/** Begins a new generation in which nobody trains: the members stop now and say what they hold. */
export function halt(draft: Draft, run: RunRecord, survivors: readonly string[], reason: string): void {
  run.generation += 1;
  run.stage = 'halting';
  run.rebalances = 0;
  run.progressAtMs = draft.nowMs;
  // What made it fail is what its end must say, whoever is lost on the way there.
  if (run.intent !== 'fail') run.reason = reason;
  run.members = survivors.map((workerId, rank) => ({ workerId, rank, shards: [] }));
  run.answered = PersistentSet();
  run.reports = OrderedMap();
  run.nonFinite = OrderedMap();
  draft.persist(run.runId);
  draft.emit({ type: 'closeCollective', runId: run.runId });
  publishMembership(draft, run, reason);
  const { runId, generation } = run;
  for (const workerId of survivors) {
    send(draft, workerId, { type: 'halt', runId, generation, why: reason, graceful: false });
  }
  holdIfAllAnswered(draft, run);
}

/** The same for all members: nobody is lost. */
export function haltAll(draft: Draft, run: RunRecord, reason: string): void {
  const members = run.members.map(({ workerId }) => workerId);
  wait(draft, run, reason);
  halt(draft, run, members, reason);
}

/** Says why nobody trains. A run that is on its way to rest goes on saying so. */
export function wait(draft: Draft, run: RunRecord, why: string): void {
  if (run.intent === 'train') draft.enter(run, 'waiting', why);
}

/** A member says what it holds. */
export function answered(draft: Draft, run: RunRecord, worker: WorkerRecord, phase: number | undefined): void {
  worker.held = phase === undefined ? undefined : { runId: run.runId, phase };
  run.answered = run.answered.add(worker.workerId);
  holdIfAllAnswered(draft, run);
}

/** What happens to a run that holds is for the schedule to say, after every event. */
function holdIfAllAnswered(draft: Draft, run: RunRecord): void {
  if (run.answered.size < run.members.length) return;
  if (run.stage === 'stopping') draft.emit({ type: 'closeCollective', runId: run.runId });
  run.stage = 'holding';
  run.members = run.members.map((member) => ({ ...member, shards: [] }));
  run.phase = startPhase(run, membersOf(draft, run));
}

/** Asks the member that is furthest ahead to make its state durable. False where that is durable already. */
export function collect(draft: Draft, run: RunRecord): boolean {
  const newest = newestCheckpoint(run).phase;
  const ahead = membersOf(draft, run).find((worker) => holds(worker, run) === run.phase);
  if (!ahead || run.phase <= newest) return false;
  run.stage = 'collecting';
  run.progressAtMs = draft.nowMs;
  send(draft, ahead.workerId, { type: 'collectState', runId: run.runId, generation: run.generation });
  return true;
}

/** Workers of one class compute the same bits (DESIGN: per backend, device class and thread count). */
export function classOf(worker: WorkerRecord): string {
  return `${worker.device.deviceClass} × ${worker.device.intraOpThreads} threads`;
}

export function membersOf(draft: Draft, run: RunRecord): WorkerRecord[] {
  return run.members.flatMap(({ workerId }) => draft.worker(workerId) ?? []);
}

/** Ends the run's hold on its workers and moves it to a resting state. */
export function release(
  draft: Draft,
  run: RunRecord,
  state: 'paused' | 'completed' | 'cancelled' | 'failed',
  why: string,
  weightsSha256 = '',
): void {
  const workers = membersOf(draft, run);
  Object.assign(run, AT_REST);
  draft.emit({ type: 'closeCollective', runId: run.runId });
  draft.enter(run, state, why, weightsSha256);
  for (const worker of workers) dismiss(draft, run, worker, why);
  // What others still hold of it from before a restart keeps them from nothing else.
  for (const workerId of draft.workerIds()) {
    const worker = draft.worker(workerId);
    if (worker?.held?.runId === run.runId) worker.held = undefined;
  }
}

/** Tells a worker to forget the run. */
export function dismiss(draft: Draft, run: RunRecord, worker: WorkerRecord, why: string): void {
  worker.runId = undefined;
  worker.activity = 'idle';
  worker.held = undefined;
  worker.msPerShard = undefined;
  worker.timings = undefined;
  send(draft, worker.workerId, { type: 'release', runId: run.runId, why });
}

/** The sentence of a run in which everything goes well. */
export function trains(run: RunRecord): string {
  const { length } = run.members;
  const spares = run.members.filter(({ shards }) => shards.length === 0).length;
  const also = spares > 0 ? `, ${countOf(spares, 'hot spare')} among them` : '';
  const road = length === 1 ? '' : run.road === 'direct' ? ', directly with each other' : ', through the coordinator';
  return `${countOf(length, 'worker')} ${length === 1 ? 'trains' : 'train'}${also}${road}.`;
}

export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Ms a shard, by rank. Where somebody was never measured all count alike. */
export function speedsOf(gang: readonly WorkerRecord[]): number[] {
  const measured = gang.flatMap(({ msPerShard }) => msPerShard ?? []);
  return measured.length < gang.length ? gang.map(() => 1) : measured;
}

export function publishMembership(draft: Draft, run: RunRecord, why: string): void {
  const { runId, generation, phase, members } = run;
  const event = { kind: 'membership' as const, runId, generation, phase, members: [...members], why };
  draft.emit({ type: 'publish', event });
}

function send(draft: Draft, workerId: string, message: CoordinatorMessage): void {
  draft.emit({ type: 'send', workerId, message });
}
