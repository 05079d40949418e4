/** What holds of the coordinator's state after every event, whatever happened. */
import { expect } from 'vitest';
import type { CoordinatorEvent } from '../../../services/coordinator/core/event.ts';
import { type CoordinatorState, newestCheckpoint, type RunRecord } from '../../../services/coordinator/core/state.ts';

export function expectSound(before: CoordinatorState, event: CoordinatorEvent, after: CoordinatorState): void {
  for (const run of after.runs.values()) {
    expectOneRunAWorker(run, after);
    expectShardsDealt(run);
    if (run.state === 'completed') expect(run.phase).toBe(run.totalPhases);
    expect(run.why).not.toBe('');
    const old = before.runs.get(run.runId);
    if (old) expectForward(old, event, run);
  }
  for (const worker of after.workers.values()) {
    if (worker.runId === undefined) continue;
    const members = after.runs.get(worker.runId)?.members ?? [];
    expect(members.map(({ workerId }) => workerId)).toContain(worker.workerId);
  }
}

/** A worker belongs to its run and its run to it. */
function expectOneRunAWorker(run: Readonly<RunRecord>, state: CoordinatorState): void {
  for (const { workerId } of run.members) expect(state.workers.get(workerId)?.runId).toBe(run.runId);
  expect(run.members.map(({ rank }) => rank)).toEqual(run.members.map((_, rank) => rank));
  const rests = ['queued', 'paused', 'completed', 'failed', 'cancelled'].includes(run.state);
  expect(run.stage === 'idle').toBe(rests);
  if (rests) expect(run.members).toEqual([]);
}

/** Disjoint, complete, and every one with somebody, while it is worked on; with nobody else. */
function expectShardsDealt(run: Readonly<RunRecord>): void {
  const dealt = run.members.flatMap(({ shards }) => shards).sort((a, b) => a - b);
  const works = run.stage === 'loading' || run.stage === 'training';
  expect(dealt).toEqual(works ? Array.from({ length: run.config.shards }, (_, shard) => shard) : []);
  if (works) expect(run.members).toHaveLength(run.config.workers);
}

/** Nothing durable is undone, except by a person who says so. */
function expectForward(old: Readonly<RunRecord>, event: CoordinatorEvent, run: Readonly<RunRecord>): void {
  expect(run.generation).toBeGreaterThanOrEqual(old.generation);
  const goesBack = event.type === 'resumeRequested' && event.fromPhase !== undefined && event.runId === run.runId;
  if (!goesBack) expect(newestCheckpoint(run).phase).toBeGreaterThanOrEqual(newestCheckpoint(old).phase);
}
