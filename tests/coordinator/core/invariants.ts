/** What holds of the coordinator's state after every event, whatever happened. */
import { expect } from 'vitest';
import type { CoordinatorEvent } from '../../../services/coordinator/core/event.ts';
import { classOf } from '../../../services/coordinator/core/generation.ts';
import { type CoordinatorState, newestCheckpoint, type RunRecord } from '../../../services/coordinator/core/state.ts';
import { must } from '../../../services/errors/invariant.ts';
import { metricsFor } from '../../../services/evaluate/metricsFor.ts';
import { evaluationDue } from '../../../services/plan/evaluationDue.ts';

export function expectSound(before: CoordinatorState, event: CoordinatorEvent, after: CoordinatorState): void {
  for (const run of after.runs.values()) {
    expectOneRunAWorker(run, after);
    expectWorkFits(run, after);
    if (run.state === 'completed') expect(run.phase).toBe(run.totalPhases);
    expect(run.why).not.toBe('');
    const old = before.runs.get(run.runId);
    if (!old) continue;
    expectForward(old, event, run);
    if (run.stage === 'loading' && run.generation > old.generation) expectNothingLost(before, event, run);
  }
  expectOneEvaluation(after);
  expectMeasured(after);
  for (const worker of after.workers.values()) {
    if (worker.runId === undefined) continue;
    const members = after.runs.get(worker.runId)?.members ?? [];
    expect(members.map(({ workerId }) => workerId)).toContain(worker.workerId);
  }
}

/** One at a time while any waits, of each run at most one waits, and each is of a checkpoint that was due. */
function expectOneEvaluation({ runs, evaluations: { running, waiting } }: CoordinatorState): void {
  if (waiting.length > 0) expect(running).toBeDefined();
  expect(new Set(waiting.map(({ runId }) => runId)).size).toBe(waiting.length);
  for (const { runId, phase } of [...waiting, ...(running ? [running] : [])]) {
    const { config, totalPhases } = must(runs.get(runId), 'run');
    expect(evaluationDue(config, phase, totalPhases)).toBe(true);
  }
}

/** Each metric is with one process, or waits for the coordinator's; nobody measures who computes gradients or leaves. */
function expectMeasured({ runs, workers, evaluations }: CoordinatorState): void {
  const { running } = evaluations;
  if (!running) return;
  const { runId, open, own, parts, measured } = running;
  const dealt = [...parts, ...measured].flatMap(({ metrics }) => metrics);
  const { config } = must(runs.get(runId), 'run');
  expect([...open, ...own, ...dealt].sort()).toEqual([...metricsFor(config.data)].sort());
  if (parts.length === 0) expect(evaluations.ownFromMs).toBeGreaterThan(0);
  expect(new Set(parts.map(({ workerId }) => workerId)).size).toBe(parts.length);
  for (const { workerId, metrics } of parts) {
    expect(metrics).not.toEqual([]);
    if (workerId === undefined) continue;
    const { draining, runId: worksFor = '' } = must(workers.get(workerId), 'who measures');
    const member = runs.get(worksFor)?.members.find((one) => one.workerId === workerId);
    expect([draining, member?.shards ?? []]).toEqual([false, []]);
  }
}

/** A worker belongs to its run and its run to it. */
function expectOneRunAWorker(run: Readonly<RunRecord>, state: CoordinatorState): void {
  for (const { workerId } of run.members) expect(state.workers.get(workerId)?.runId).toBe(run.runId);
  expect(run.members.map(({ rank }) => rank)).toEqual(run.members.map((_, rank) => rank));
  const rests = ['queued', 'paused', 'completed', 'failed', 'cancelled'].includes(run.state);
  if (rests) expect([run.stage, run.members]).toEqual(['idle', []]);
  // A pause that outlived the coordinator waits for the workers that it had.
  if (run.stage === 'idle') expect(rests || run.state === 'pausing').toBe(true);
  if (run.state === 'pausing') expect(run.intent).not.toBe('train');
}

/** Shards are disjoint, complete, and every one with somebody, while they are worked on; with nobody else. */
function expectWorkFits(run: Readonly<RunRecord>, state: CoordinatorState): void {
  const dealt = run.members.flatMap(({ shards }) => shards).sort((a, b) => a - b);
  const works = run.stage === 'loading' || run.stage === 'training' || run.stage === 'stopping';
  expect(dealt).toEqual(works ? Array.from({ length: run.config.shards }, (_, shard) => shard) : []);
  if (!works) return;
  expect(run.members.length).toBeGreaterThanOrEqual(run.config.workers.min);
  expect(run.members.length).toBeLessThanOrEqual(run.config.workers.max);
  for (const { workerId } of run.members) {
    expect(classOf(must(state.workers.get(workerId), 'member'))).toBe(run.deviceClass);
  }
}

/** Nothing durable is undone, except by a person who says so, or because it was wrong. */
function expectForward(old: Readonly<RunRecord>, event: CoordinatorEvent, run: Readonly<RunRecord>): void {
  expect(run.generation).toBeGreaterThanOrEqual(old.generation);
  const goesBack = event.type === 'resumeRequested' && event.fromPhase !== undefined && event.runId === run.runId;
  if (goesBack || run.heals > old.heals) return;
  expect(newestCheckpoint(run).phase).toBeGreaterThanOrEqual(newestCheckpoint(old).phase);
}

/** A generation starts at the newest state that the disk, or one of its members as it says, has. */
function expectNothingLost(before: CoordinatorState, event: CoordinatorEvent, run: Readonly<RunRecord>): void {
  expect(run.phase).toBeGreaterThanOrEqual(newestCheckpoint(run).phase);
  expect(run.phase).toBeLessThan(run.totalPhases);
  const { distrusted } = must(before.runs.get(run.runId), 'run');
  for (const { workerId } of run.members) {
    if (distrusted.has(workerId)) continue;
    const held = heldBy(before, event, workerId);
    if (held?.runId === run.runId) expect(run.phase).toBeGreaterThanOrEqual(held.phase);
  }
}

/** What the coordinator knows of a worker's memory when it decides. */
function heldBy(before: CoordinatorState, event: CoordinatorEvent, workerId: string) {
  if (event.type === 'workerSaid' && event.workerId === workerId && event.message.type === 'held') {
    const { generation, runId, hasState, phase } = event.message;
    if (before.runs.get(runId)?.generation === generation) return hasState ? { runId, phase } : undefined;
  }
  // Who comes in a new session has only what its hello says, and that the coordinator judges.
  if (event.type === 'workerJoined' && event.hello.workerId === workerId) return undefined;
  return before.workers.get(workerId)?.held;
}
