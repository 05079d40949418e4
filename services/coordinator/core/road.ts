/**
 * The road of a run's gradients. Where two members cannot reach each other, `auto` leads through the coordinator for a while,
 * and then tries the direct road again: a cable that was out for a minute must not cost a day.
 */
import type { Road } from '../../control/messages.ts';
import type { Draft } from './draft.ts';
import { stop } from './generation.ts';
import type { RunRecord } from './state.ts';

/** Before direct roads are tried again, in failure detections: a minute by default. Twice as long each time, up to 32 minutes. */
const BLOCKED_FOR = 12;
const BLOCKS_DOUBLED_MAX = 5;

/** The road of the next generation. */
export function roadOf({ nowMs }: Draft, run: RunRecord): Road {
  const { road } = run.config.collective;
  if (road !== 'auto') return road;
  return run.roadBlocked === undefined || nowMs >= run.roadBlocked.untilMs ? 'direct' : 'star';
}

/** From the next generation on the gradients go through the coordinator. */
export function blockRoad(draft: Draft, run: RunRecord, why: string): void {
  const forMs = BLOCKED_FOR * draft.failureDetectionMs * 2 ** Math.min(run.roadBlocks, BLOCKS_DOUBLED_MAX);
  run.roadBlocks += 1;
  run.roadBlocked = { why, untilMs: draft.nowMs + forMs };
}

/** Why a run whose config asks for `auto` does not go the direct road; empty where it does. */
export function detour(draft: Draft, run: RunRecord): string {
  const isDetour = run.config.collective.road === 'auto' && roadOf(draft, run) === 'star';
  return isDetour ? (run.roadBlocked?.why ?? '') : '';
}

/** Called at every tick. */
export function tryRoadAgain(draft: Draft, runId: string): void {
  const run = draft.run(runId);
  const isSettled = run.members.length === 1 || run.road === roadOf(draft, run);
  if (run.stage !== 'training' || isSettled) return;
  stop(draft, run, 'The direct road is tried again.');
}
